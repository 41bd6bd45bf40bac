/// A command that had to succeed and did not.
public struct CommandError: Error, Sendable, CustomStringConvertible {
  /// What was run.
  public var command: Command
  /// How it ended and what it said, or why it was not started.
  public var reason: String

  /// States the reason.
  public init(command: Command, reason: String) {
    self.command = command
    self.reason = reason
  }

  /// `road up ovn /tmp/x: exited(1)` and the standard error.
  public var description: String { "\(command): \(reason)" }
}
