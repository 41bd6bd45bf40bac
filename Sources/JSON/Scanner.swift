/// Finds where values begin and end in a text that is known to be JSON.
struct Scanner {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) {
    rest = text
  }

  /// The next member's key, member's value or element; nil at the end of the object or array.
  mutating func nextItem() -> ArraySlice<UInt8>? {
    skip { $0.isSpace || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ":") }
    guard let byte = rest.first, !byte.isClosing else { return nil }
    return nextValue()
  }

  /// The next value, without white space around it.
  mutating func nextValue() -> ArraySlice<UInt8> {
    skip { $0.isSpace }
    let start = rest
    switch rest.first {
    case UInt8(ascii: "\""): skipString()
    case UInt8(ascii: "{"), UInt8(ascii: "["): skipNested()
    default: skip { !($0.isSpace || $0.isClosing || $0 == UInt8(ascii: ",")) }
    }
    return start[..<rest.startIndex]
  }

  private mutating func skip(while isSkipped: (UInt8) -> Bool) {
    rest = rest.drop(while: isSkipped)
  }

  private mutating func skipString() {
    rest = rest.dropFirst()
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") { rest = rest.dropFirst() }
    }
  }

  private mutating func skipNested() {
    var depth = 0
    repeat {
      guard let byte = rest.first else { return }
      guard byte != UInt8(ascii: "\"") else {
        skipString()
        continue
      }
      rest = rest.dropFirst()
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
      if byte.isClosing { depth -= 1 }
    } while depth > 0
  }
}

extension UInt8 {
  fileprivate var isSpace: Bool {
    self == 0x20 || (0x09...0x0a).contains(self) || self == 0x0d
  }

  fileprivate var isClosing: Bool {
    self == UInt8(ascii: "}") || self == UInt8(ascii: "]")
  }
}
