import Glibc
import JSON
import Linux

/// Tells how the agent is to whoever connects to its socket: one JSON document, then the end.
///
/// Only one agent has the socket of a directory: the directory stays locked as long as it lives.
final class Reporter {
  private let directory: Descriptor
  private let listener: Socket
  private let settings: Settings

  /// Makes the directory and listens. Throws ``AgentError``, among others while another agent runs.
  init(_ settings: Settings) throws(AgentError) {
    let (path, socket) = (settings.runDirectory, settings.socket)
    let directory = try system { () throws(LinuxError) in
      try makeDirectory(path)
      return try Descriptor.open(path)
    }
    let isLocked = try system { () throws(LinuxError) in try directory.tryLock(subject: path) }
    guard isLocked else {
      throw .anotherRuns(path)
    }
    let listener = try system { () throws(LinuxError) in
      try removeFile(socket)
      return try Socket.listen(on: socket)
    }
    self.directory = directory
    self.listener = listener
    self.settings = settings
  }

  deinit {
    _ = try? removeFile(settings.socket)
    _ = try? removeDirectory(settings.runDirectory)
  }

  /// For ``Epoll``.
  var rawValue: CInt { listener.rawValue }

  /// Answers one of those who wait; who does not listen gets nothing.
  func answer(_ document: JSONValue) {
    guard let connection = try? listener.accept() else { return }
    _ = try? connection.write(Array(document.encoded(indented: false).utf8))
  }
}

extension AgentError {
  fileprivate static func anotherRuns(_ path: String) -> AgentError {
    AgentError(operation: "lock", subject: path, reason: "another shortcutd is running")
  }

  /// Whether the agent must not run, because another one does.
  var meansAnotherRuns: Bool { self == .anotherRuns(subject) }
}
