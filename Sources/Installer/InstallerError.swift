public import Linux

/// What stands between us and an installed plugin: `operation subject: reason (errno n)`.
public struct InstallerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The function, by its C name, or the step that was taken.
  public let operation: String
  /// The file or directory it was applied to.
  public let subject: String
  /// The error number, 0 when it was no system call that refused.
  public let code: CInt
  /// What is wrong, and what to do.
  public let reason: String

  /// Makes an error that no system call reported.
  init(_ operation: String, _ subject: String, _ reason: String) {
    self.operation = operation
    self.subject = subject
    self.reason = reason
    code = 0
  }

  /// Takes over an error of a system call.
  public init(_ error: LinuxError, advice: String = "") {
    operation = error.operation
    subject = error.subject
    code = error.code
    let text = "\(Linux.reason(code: error.code)) (errno \(error.code))"
    reason = advice.isEmpty ? text : "\(text); \(advice)"
  }

  /// `open /etc/cni/net.d: No such file or directory (errno 2); …`
  public var description: String {
    "\(operation) \(subject): \(reason)"
  }
}

/// Runs calls of the Linux module and takes over their errors.
@discardableResult
func system<Result: ~Copyable>(
  advice: String = "", _ body: () throws(LinuxError) -> Result
) throws(InstallerError) -> Result {
  do throws(LinuxError) {
    return try body()
  } catch {
    throw InstallerError(error, advice: advice)
  }
}
