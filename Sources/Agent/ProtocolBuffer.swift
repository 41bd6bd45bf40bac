/// The encoding of protocol buffers: a message is fields, each a number and a value.
enum ProtocolBuffer {
  /// One field.
  struct Field {
    let number: UInt64
    /// A variable-length integer; 0 for other kinds.
    var integer: UInt64 = 0
    /// A string, bytes or a message; nil for other kinds.
    var bytes: ArraySlice<UInt8>?

    var text: String { String(decoding: bytes ?? [], as: UTF8.self) }
  }

  /// Gives each field of a message to `body` until that returns false; whether all were read.
  static func read(_ message: ArraySlice<UInt8>, _ body: (Field) -> Bool) -> Bool {
    var rest = message
    while !rest.isEmpty {
      guard let field = next(&rest), body(field) else { return false }
    }
    return true
  }

  private static func next(_ rest: inout ArraySlice<UInt8>) -> Field? {
    guard let tag = integer(&rest) else { return nil }
    var field = Field(number: tag >> 3)
    switch tag & 7 {
    case 0:
      guard let value = integer(&rest) else { return nil }
      field.integer = value
    case 1: guard take(8, of: &rest) != nil else { return nil }
    case 2:
      guard let length = integer(&rest), let bytes = take(length, of: &rest) else { return nil }
      field.bytes = bytes
    case 5: guard take(4, of: &rest) != nil else { return nil }
    default: return nil
    }
    return field
  }

  /// Seven bits a byte, the lowest first; the eighth says that more follow.
  private static func integer(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }

  private static func take(_ count: UInt64, of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>?
  {
    guard count <= UInt64(rest.count) else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}
