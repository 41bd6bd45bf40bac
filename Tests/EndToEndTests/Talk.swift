import TestSupport

/// One connection from one pod to another that sends numbers and reads their echoes.
struct Talk {
  /// How far it was at a moment.
  struct Moment {
    /// `CLOCK_MONOTONIC`, seconds.
    var time: Double
    /// Bytes the sender's socket took so far.
    var sent: Int
    /// Bytes that came back so far, each at its place.
    var echoed: Int
    /// The sender's socket polls writable.
    var isWritable: Bool
    /// What its last `send` said: the name of an error, or `-`.
    var said: String
  }

  private static let program = "\(Products.repository)/Tests/Policy/talk"
  private static let port = "7100"

  let road: Road
  var client = "client"
  var server = "server"
  /// What the client connects to; nil: the server's address.
  var address: String?
  /// Bytes of one `send`; beyond 8 it sends as much as the socket takes.
  var size = 8

  /// Talks so many seconds and until all is echoed, for the time of `body`; then tells how far it
  /// was at each moment. Throws ``CommandError`` if an echo was wrong or the connection broke.
  func during(seconds: Int, _ body: () async throws -> Void) async throws -> [Moment] {
    let serving = Task { try await road.inside(server, Self.program, ["serve", Self.port]).run() }
    defer { serving.cancel() }
    try await Task.sleep(for: .milliseconds(500))
    let to: String
    if let address { to = address } else { to = try await road.address(of: server) }
    let call = road.inside(client, Self.program, ["call", to, Self.port, "\(seconds)", "\(size)"])
      .killed(after: .seconds(seconds + 60))
    async let output = call.output()
    try await body()
    return try await output.split(separator: "\n").compactMap(Moment.init)
  }
}

extension Talk.Moment {
  fileprivate init?(_ line: Substring) {
    let fields = line.split(separator: " ")
    guard fields.count == 5, let time = Double(fields[0]), let sent = Int(fields[1]),
      let echoed = Int(fields[2])
    else { return nil }
    (self.time, self.sent, self.echoed) = (time, sent, echoed)
    (isWritable, said) = (fields[3] == "1", String(fields[4]))
  }
}
