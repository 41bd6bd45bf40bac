public import BPF
public import Linux

/// What stands between us and the datapath: `operation subject: reason (errno n)`.
public struct DatapathError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The function, by its C name, or the step that was taken.
  public let operation: String
  /// The map, path or key it was applied to.
  public let subject: String
  /// The error number.
  public let code: CInt

  /// Makes an error from its parts.
  public init(operation: String, subject: String, code: CInt) {
    self.operation = operation
    self.subject = subject
    self.code = code
  }

  /// Takes over an error of libbpf or bpf(2).
  public init(_ error: BPFError) {
    self.init(operation: error.operation, subject: error.subject, code: error.code)
  }

  /// Takes over an error of another system call.
  public init(_ error: LinuxError) {
    self.init(operation: error.operation, subject: error.subject, code: error.code)
  }

  /// `bpf_obj_get /sys/fs/bpf/shortcut/allowlist: No such file or directory (errno 2)`.
  public var description: String {
    LinuxError(operation: operation, subject: subject, code: code).description
  }
}

/// Runs calls of the BPF module and takes over their errors.
@discardableResult
func datapath<Result: ~Copyable>(_ body: () throws(BPFError) -> Result) throws(DatapathError)
  -> Result
{
  do throws(BPFError) {
    return try body()
  } catch {
    throw DatapathError(error)
  }
}

/// Runs calls of the Linux module and takes over their errors.
@discardableResult
func system<Result: ~Copyable>(_ body: () throws(LinuxError) -> Result) throws(DatapathError)
  -> Result
{
  do throws(LinuxError) {
    return try body()
  } catch {
    throw DatapathError(error)
  }
}
