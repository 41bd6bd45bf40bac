public import Datapath
public import Linux

/// Why the agent cannot do something: `operation subject: reason`.
public struct AgentError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was attempted.
  public let operation: String
  /// The socket, file or pod it was applied to.
  public let subject: String
  /// Why, and what to do.
  public let reason: String

  /// Makes an error from its parts.
  public init(operation: String, subject: String, reason: String) {
    self.operation = operation
    self.subject = subject
    self.reason = reason
  }

  /// Takes over an error of a system call.
  public init(_ error: LinuxError) {
    self.init(
      operation: error.operation, subject: error.subject,
      reason: "\(Linux.reason(code: error.code)) (errno \(error.code))")
  }

  /// Takes over an error of the datapath.
  public init(_ error: DatapathError) {
    self.init(LinuxError(operation: error.operation, subject: error.subject, code: error.code))
  }

  /// `connect /run/openvswitch/db.sock: No such file or directory (errno 2)`.
  public var description: String { "\(operation) \(subject): \(reason)" }
}

/// Runs calls of the Linux module and takes over their errors.
@discardableResult
func system<Result: ~Copyable>(_ body: () throws(LinuxError) -> Result) throws(AgentError)
  -> Result
{
  do throws(LinuxError) {
    return try body()
  } catch {
    throw AgentError(error)
  }
}

/// Runs calls of the Datapath module and takes over their errors.
@discardableResult
func datapath<Result: ~Copyable>(_ body: () throws(DatapathError) -> Result) throws(AgentError)
  -> Result
{
  do throws(DatapathError) {
    return try body()
  } catch {
    throw AgentError(error)
  }
}
