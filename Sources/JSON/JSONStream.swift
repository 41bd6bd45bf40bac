/// Cuts a stream of JSON objects or arrays, with white space or nothing between them, into texts.
///
/// Only brackets and strings are looked at: what comes out is still to be parsed.
public struct JSONStream: Sendable {
  private var buffer: [UInt8] = []
  private var position = 0
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private let limit: Int

  /// `limit` is what one text may take, in bytes.
  public init(limit: Int = 64 << 20) {
    self.limit = limit
  }

  /// Takes what has arrived.
  public mutating func append(_ bytes: [UInt8]) {
    buffer.append(contentsOf: bytes)
  }

  /// The next text that is complete; nil until more arrives.
  ///
  /// Throws ``JSONError`` where something else than an object or array begins, and when a text is
  /// longer than the limit; the stream is useless then.
  public mutating func next() throws(JSONError) -> [UInt8]? {
    while position < buffer.count {
      let byte = buffer[position]
      position += 1
      guard depth > 0 || byte.opens || byte.isBlank else { throw error("'{' or '[' expected") }
      if advance(byte) { return take() }
    }
    guard position <= limit else { throw error("longer than \(limit) bytes") }
    return nil
  }

  /// Whether this byte ends a text.
  private mutating func advance(_ byte: UInt8) -> Bool {
    guard !isInString else {
      if isEscaped {
        isEscaped = false
      } else {
        isEscaped = byte == UInt8(ascii: "\\")
        isInString = byte != UInt8(ascii: "\"")
      }
      return false
    }
    isInString = byte == UInt8(ascii: "\"")
    if byte.opens { depth += 1 }
    guard byte.closes else { return false }
    depth -= 1
    return depth == 0
  }

  private mutating func take() -> [UInt8] {
    let text = Array(buffer[..<position])
    buffer.removeFirst(position)
    position = 0
    return text
  }

  private func error(_ reason: String) -> JSONError {
    JSONError(code: .invalidSyntax, offset: position, reason: reason)
  }
}

extension UInt8 {
  fileprivate var opens: Bool { self == UInt8(ascii: "{") || self == UInt8(ascii: "[") }

  fileprivate var closes: Bool { self == UInt8(ascii: "}") || self == UInt8(ascii: "]") }

  fileprivate var isBlank: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
}
