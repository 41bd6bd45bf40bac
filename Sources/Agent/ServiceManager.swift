import Linux

/// Tells systemd how the agent is, if systemd asked to be told: see sd_notify(3).
struct ServiceManager {
  private let socket = environment("NOTIFY_SOCKET")

  /// Started, or done with reading its configuration again.
  func ready(_ status: String) { send("READY=1\nSTATUS=\(status)") }

  /// How it is now, in a few words.
  func tell(_ status: String) { send("STATUS=\(status)") }

  /// About to end.
  func stopping() { send("STOPPING=1") }

  private func send(_ message: String) {
    guard let socket, !socket.isEmpty else { return }
    _ = try? Socket.send(Array(message.utf8), to: socket)
  }
}
