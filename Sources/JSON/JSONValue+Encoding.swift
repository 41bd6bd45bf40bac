extension JSONValue {
  /// The text of this value, without a newline at its end.
  ///
  /// Compact text has no white space at all; indented text has one member or element a line and
  /// four spaces a level, as CNI prints errors and results. Only what RFC 8259 demands is escaped.
  /// A `real` that is infinite or not a number becomes `null`, as JSON has neither.
  public func encoded(indented: Bool) -> String {
    var encoder = Encoder(isIndented: indented)
    encoder.append(self)
    return encoder.text
  }
}

private struct Encoder {
  let isIndented: Bool
  var text = ""
  private var level = 0

  init(isIndented: Bool) {
    self.isIndented = isIndented
  }

  mutating func append(_ value: JSONValue) {
    switch value {
    case .object(let members):
      append(members, between: ("{", "}")) { encoder, member in encoder.append(member) }
    case .array(let elements):
      append(elements, between: ("[", "]")) { encoder, element in encoder.append(element) }
    case .string(let string): append(string)
    case .integer(let number): text += String(number)
    case .unsigned(let number): text += String(number)
    case .real(let number): text += number.isFinite ? "\(number)" : "null"
    case .bool(let value): text += value ? "true" : "false"
    case .null: text += "null"
    }
  }

  private mutating func append(_ member: (key: String, value: JSONValue)) {
    append(member.key)
    text += isIndented ? ": " : ":"
    append(member.value)
  }

  private mutating func append<Item>(
    _ items: [Item], between brackets: (String, String), each: (inout Encoder, Item) -> Void
  ) {
    text += brackets.0
    level += 1
    for (index, item) in items.enumerated() {
      if index > 0 { text += "," }
      breakLine()
      each(&self, item)
    }
    level -= 1
    if !items.isEmpty { breakLine() }
    text += brackets.1
  }

  private mutating func breakLine() {
    guard isIndented else { return }
    text += "\n" + String(repeating: "    ", count: level)
  }

  private mutating func append(_ string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      if let escape = Self.escape(scalar) {
        text += escape
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case "\u{8}": return "\\b"
    case "\u{c}": return "\\f"
    case "\0"..."\u{1f}":
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: return nil
    }
  }
}
