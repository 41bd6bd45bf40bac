import Linux

/// A connection to a daemon on this node.
final class Channel {
  private let socket: Socket
  private let path: String

  /// Connects. Throws ``AgentError``.
  init(to path: String) throws(AgentError) {
    socket = try system { () throws(LinuxError) in try Socket.connect(to: path) }
    self.path = path
  }

  var rawValue: CInt { socket.rawValue }

  func write(_ bytes: [UInt8]) throws(AgentError) {
    guard !bytes.isEmpty else { return }
    try system { () throws(LinuxError) in try socket.write(bytes) }
  }

  /// What has arrived; nil when nothing has. Throws ``AgentError`` when the other side has gone.
  func read() throws(AgentError) -> [UInt8]? {
    let bytes = try system { () throws(LinuxError) in try socket.read() }
    guard let bytes, bytes.isEmpty else { return bytes }
    throw AgentError(operation: "recv", subject: path, reason: "the other side has gone")
  }
}
