private import Glibc
import Linux

/// Bytes that go over a connection of a ``LiveTest``, each checked at the other end.
struct Exchange: ~Copyable {
  private let source: ConnectionSource
  private static let messages = 200
  private static let size = 4000

  init(_ source: consuming ConnectionSource) {
    self.source = source
  }

  /// Throws ``DatapathError``: operation `live test`, the step as its subject.
  borrowing func run(
    over connection: borrowing CableConnection, inNetns cookies: (client: UInt64, server: UInt64)
  ) throws(DatapathError) -> LiveTest.Report {
    for message in 0..<Self.messages {
      try pass(message, from: connection.client, to: connection.server)
      try pass(message + 7, from: connection.server, to: connection.client)
    }
    let report = try report(cookies)
    try checkEnd(connection)
    return report
  }

  private borrowing func pass(
    _ message: Int, from sender: borrowing Descriptor, to receiver: borrowing Descriptor
  ) throws(DatapathError) {
    let bytes = (0..<Self.size).map { UInt8(truncatingIfNeeded: ($0 * 31 + message) % 251) }
    let sent = try system { () throws(LinuxError) in try sender.send(bytes[...]) }
    try expect(sent == bytes.count, "message \(message) is taken whole")
    var arrived: [UInt8] = []
    while arrived.count < bytes.count {
      let missing = bytes.count - arrived.count
      let more = try system { () throws(LinuxError) in
        // A busy machine may take its time.
        for _ in 0..<5 {
          if let more = try receiver.receive(missing) { return more }
        }
        return [UInt8]()
      }
      try expect(!more.isEmpty, "message \(message) arrives")
      arrived += more
    }
    try expect(arrived == bytes, "message \(message) arrives as it was sent")
  }

  private borrowing func report(
    _ cookies: (client: UInt64, server: UInt64)
  ) throws(DatapathError) -> LiveTest.Report {
    let own = try source.list(names: PodNames([])).connections.first {
      $0.client.netnsCookie == cookies.client && $0.server.netnsCookie == cookies.server
    }
    guard let own else { throw error("the two ends find each other") }
    try expect(own.toServer.shortcutBytes > 0, "the client's messages take the shortcut")
    try expect(own.toClient.shortcutBytes > 0, "the server's messages take the shortcut")
    return LiveTest.Report(shortcutBytes: own.shortcutBytes, stackBytes: own.stackBytes)
  }

  /// The end of the stream arrives, after which the other direction goes on.
  private borrowing func checkEnd(
    _ connection: borrowing CableConnection
  ) throws(DatapathError) {
    let end = try system { () throws(LinuxError) in
      try connection.client.endSending()
      return try connection.server.receive(1)
    }
    try expect(end == [], "the end of the stream arrives")
    try pass(3, from: connection.server, to: connection.client)
  }

  private borrowing func expect(_ isTrue: Bool, _ step: String) throws(DatapathError) {
    guard isTrue else { throw error(step) }
  }

  private borrowing func error(_ step: String) -> DatapathError {
    DatapathError(operation: "live test", subject: step, code: EPROTO)
  }
}
