import Testing

@testable import Agent

@Suite struct RuntimeCallTests {
  private static let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
  private static let acknowledgement: [UInt8] = [0, 0, 0, 4, 1, 0, 0, 0, 0]
  /// `END_HEADERS`, nothing that is looked at.
  private static let headers: [UInt8] = [0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88]
  /// A gRPC message of two bytes in two frames, the second padded by three.
  private static let body: [UInt8] =
    [0, 0, 6, 0, 0, 0, 0, 0, 1] + [0, 0, 0, 0, 2, 0x0a]
    + [0, 0, 5, 0, 8, 0, 0, 0, 1] + [3, 0x00, 9, 9, 9]
  /// `END_STREAM`
  private static let trailers: [UInt8] = [0, 0, 1, 1, 5, 0, 0, 0, 1, 0x88]

  private func call() -> RuntimeCall { RuntimeCall("/a.B/C") }

  @Test func requestBeginsWithThePrefaceAndEndsTheStream() {
    let request = call().request
    #expect(request.starts(with: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)))
    #expect(request.suffix(14) == [0, 0, 5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    #expect(String(decoding: request, as: UTF8.self).contains("/a.B/C"))
  }

  @Test func messageInPiecesIsPutTogether() {
    let whole = Self.settings + Self.headers + Self.body + Self.trailers
    for cut in 0..<whole.count {
      var call = call()
      guard case .pending = call.take(Array(whole[..<cut])) else {
        Issue.record("ended after \(cut) bytes")
        return
      }
      #expect(call.take(Array(whole[cut...])) == .done([0x0a, 0x00]))
    }
  }

  @Test func settingsAndPingsAreAcknowledged() {
    var call = call()
    #expect(call.take(Self.settings) == .pending(answer: Self.acknowledgement))
    #expect(call.take(Self.acknowledgement) == .pending(answer: []))
    let ping: [UInt8] = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    let pong: [UInt8] = [0, 0, 8, 6, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    #expect(call.take(ping) == .pending(answer: pong))
  }

  /// An error of gRPC comes without a message.
  @Test func answerWithoutAMessageIsARefusal() {
    var call = call()
    #expect(call.take(Self.settings + Self.trailers) == .refused)
  }

  @Test(arguments: [UInt8(3), 7])
  func endOfStreamOrConnectionIsARefusal(kind: UInt8) {
    var call = call()
    #expect(call.take([0, 0, 4, kind, 0, 0, 0, 0, 1, 0, 0, 0, 2]) == .refused)
  }
}
