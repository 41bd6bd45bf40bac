public import Datapath
public import Linux

/// Why a measurement could not be made: `operation subject: reason`.
public struct BenchError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was attempted.
  public let operation: String
  /// The pod, program or file it was applied to.
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
    self.init(
      LinuxError(operation: error.operation, subject: error.subject, code: error.code))
  }

  /// `find pod default/web: not registered`.
  public var description: String { "\(operation) \(subject): \(reason)" }
}

/// Runs calls of the Linux module and takes over their errors.
@discardableResult
func system<Result: ~Copyable>(_ body: () throws(LinuxError) -> Result) throws(BenchError)
  -> Result
{
  do throws(LinuxError) {
    return try body()
  } catch {
    throw BenchError(error)
  }
}

/// Runs calls of the Datapath module and takes over their errors.
@discardableResult
func datapath<Result: ~Copyable>(_ body: () throws(DatapathError) -> Result) throws(BenchError)
  -> Result
{
  do throws(DatapathError) {
    return try body()
  } catch {
    throw BenchError(error)
  }
}
