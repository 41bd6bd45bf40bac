/// One call of gRPC (over HTTP/2, RFC 9113) on a connection of its own: bytes in and out, no I/O.
///
/// No header of the answer is read: an answer without a message is a refusal.
struct RuntimeCall {
  private let path: String
  private var buffer: [UInt8] = []
  private var message: [UInt8] = []

  /// How far the call is.
  enum Outcome: Sendable, Hashable {
    /// More has to be read; these bytes are to be sent first.
    case pending(answer: [UInt8])
    /// The message that was returned.
    case done([UInt8])
    /// The runtime does not serve this call, or ended the connection.
    case refused
  }

  /// A method, for example `/runtime.v1.RuntimeService/ListPodSandbox`.
  init(_ path: String) {
    self.path = path
  }

  /// The connection's preface, settings with the largest windows, and the call with an empty message.
  var request: [UInt8] {
    Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
      + frame(.settings, payload: [0, 4, 0x7f, 0xff, 0xff, 0xff])
      + frame(.windowUpdate, payload: [0x7f, 0xff, 0, 0])
      + frame(.headers, flags: Flag.endHeaders, stream: 1, payload: headers)
      + frame(.data, flags: Flag.endStream, stream: 1, payload: [0, 0, 0, 0, 0])
  }

  /// Takes what has arrived.
  mutating func take(_ bytes: [UInt8]) -> Outcome {
    buffer.append(contentsOf: bytes)
    var answer: [UInt8] = []
    while let (kind, flags, payload) = nextFrame() {
      switch kind {
      case .settings where flags & Flag.acknowledgement == 0:
        answer += frame(.settings, flags: Flag.acknowledgement)
      case .ping where flags & Flag.acknowledgement == 0:
        answer += frame(.ping, flags: Flag.acknowledgement, payload: payload)
      case .data: message += Self.content(of: payload, flags)
      case .reset, .goAway: return .refused
      default: break
      }
      if (kind == .data || kind == .headers) && flags & Flag.endStream != 0 { return outcome }
    }
    return .pending(answer: answer)
  }

  /// A flag for compression, the length in four bytes, the message.
  private var outcome: Outcome {
    let length = message.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard message.count >= 5, message[0] == 0, message.count == length + 5 else { return .refused }
    return .done(Array(message.dropFirst(5)))
  }

  private static func content(of payload: [UInt8], _ flags: UInt8) -> ArraySlice<UInt8> {
    guard flags & Flag.padded != 0, let padding = payload.first else { return payload[...] }
    return payload.dropFirst().dropLast(Int(padding))
  }
}

extension RuntimeCall {
  private enum Kind: UInt8 {
    case data = 0
    case headers = 1
    case reset = 3
    case settings = 4
    case ping = 6
    case goAway = 7
    case windowUpdate = 8
  }

  private enum Flag {
    static let endStream: UInt8 = 1
    static let acknowledgement: UInt8 = 1
    static let endHeaders: UInt8 = 4
    static let padded: UInt8 = 8
  }

  private static let headSize = 9

  /// Three bytes of length, the kind, flags, the stream in four bytes.
  private mutating func nextFrame() -> (kind: Kind?, flags: UInt8, payload: [UInt8])? {
    guard buffer.count >= Self.headSize else { return nil }
    let length = buffer.prefix(3).reduce(0) { $0 << 8 | Int($1) }
    let end = Self.headSize + length
    guard buffer.count >= end else { return nil }
    defer { buffer.removeFirst(end) }
    return (Kind(rawValue: buffer[3]), buffer[4], Array(buffer[Self.headSize..<end]))
  }

  private func frame(
    _ kind: Kind, flags: UInt8 = 0, stream: UInt8 = 0, payload: [UInt8] = []
  ) -> [UInt8] {
    let length = [16, 8, 0].map { UInt8(truncatingIfNeeded: payload.count >> $0) }
    return length + [kind.rawValue, flags, 0, 0, 0, stream] + payload
  }

  /// HPACK (RFC 7541) without its dynamic table: `POST`, `http` by their indices in the static
  /// table, the rest as literals that are not to be remembered.
  private var headers: [UInt8] {
    [0x83, 0x86] + literal(index: [0x04], path) + literal(index: [0x01], "localhost")
      + literal(index: [0x0f, 0x10], "application/grpc")
      + [0x00] + Self.text("te") + Self.text("trailers")
  }

  private func literal(index: [UInt8], _ value: String) -> [UInt8] {
    index + Self.text(value)
  }

  /// The length, which is below 127 here, and the text as it is.
  private static func text(_ value: String) -> [UInt8] {
    [UInt8(value.utf8.count)] + Array(value.utf8)
  }
}
