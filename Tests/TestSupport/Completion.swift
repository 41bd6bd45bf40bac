/// A command that has ended, and what it wrote.
public struct Completion: Sendable, CustomStringConvertible {
  /// How a process ended.
  public enum End: Sendable, Hashable {
    /// By itself, with this status.
    case exited(Int32)
    /// By this signal.
    case signaled(Int32)
  }

  /// What was run.
  public var command: Command
  /// How it ended.
  public var end: End
  /// Its standard output.
  public var output: String
  /// Its standard error.
  public var error: String

  /// It exited with status 0.
  public var isSuccess: Bool { end == .exited(0) }

  /// For the message of a failed test.
  public var description: String {
    "\(command): \(end)\n\(output)\(error)"
  }
}
