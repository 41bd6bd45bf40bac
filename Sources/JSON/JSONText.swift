/// The text of one JSON value, byte for byte as it was written.
///
/// For passing on what was received: unknown members, the text of numbers (`1.50`, `1e3`, more
/// than 64 bits), escapes and white space stay as they are.
public struct JSONText: Sendable {
  /// The text without the white space around it.
  public let bytes: ArraySlice<UInt8>

  /// Takes a text that ``JSONValue/init(parsing:)`` has accepted.
  ///
  /// It is not validated again; of any other text the parts below are meaningless.
  public init(accepted text: [UInt8]) {
    var scanner = Scanner(text[...])
    self.init(bytes: scanner.nextValue())
  }

  /// The text of a value, compact.
  public init(_ value: JSONValue) {
    self.init(bytes: Array(value.encoded(indented: false).utf8)[...])
  }

  /// An object of members given as text, compact but for what is inside the members.
  public init(members: [(key: String, value: JSONText)]) {
    let items = members.map { member in
      JSONText(.string(member.key)).bytes + [UInt8(ascii: ":")] + member.value.bytes
    }
    self.init(items: items, open: UInt8(ascii: "{"), close: UInt8(ascii: "}"))
  }

  /// An array of elements given as text, compact but for what is inside the elements.
  public init(elements: [JSONText]) {
    self.init(items: elements.map(\.bytes), open: UInt8(ascii: "["), close: UInt8(ascii: "]"))
  }

  private init(items: [ArraySlice<UInt8>], open: UInt8, close: UInt8) {
    var text = [open]
    for item in items {
      if text.count > 1 { text.append(UInt8(ascii: ",")) }
      text.append(contentsOf: item)
    }
    text.append(close)
    self.init(bytes: text[...])
  }

  private init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  /// The members of an object in the order they were written, keys decoded; else nil.
  ///
  /// A key may come more than once: the last one counts.
  public var members: [(key: String, value: JSONText)]? {
    guard bytes.first == UInt8(ascii: "{") else { return nil }
    var scanner = Scanner(bytes.dropFirst())
    var members: [(key: String, value: JSONText)] = []
    while let key = scanner.nextItem() {
      members.append((Self.string(key), JSONText(bytes: scanner.nextItem() ?? [])))
    }
    return members
  }

  /// The elements of an array; else nil.
  public var elements: [JSONText]? {
    guard bytes.first == UInt8(ascii: "[") else { return nil }
    var scanner = Scanner(bytes.dropFirst())
    var elements: [JSONText] = []
    while let element = scanner.nextItem() {
      elements.append(JSONText(bytes: element))
    }
    return elements
  }

  /// The decoded value; nil when this is not the text of one.
  public var value: JSONValue? {
    try? JSONValue(parsing: Array(bytes))
  }

  private static func string(_ literal: ArraySlice<UInt8>) -> String {
    guard literal.contains(UInt8(ascii: "\\")) else {
      return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
    }
    return JSONText(bytes: literal).value?.stringValue ?? ""
  }
}
