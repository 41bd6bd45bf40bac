public import Linux

/// What the kernel or libbpf refused: `operation subject: reason (errno n)`.
public struct BPFError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The function, by its C name.
  public let operation: String
  /// The map, program, link or path it was applied to.
  public let subject: String
  /// The error number, from the return value where libbpf gives it there.
  public let code: CInt

  /// Makes an error from its parts.
  public init(operation: String, subject: String, code: CInt) {
    self.operation = operation
    self.subject = subject
    self.code = code
  }

  /// Takes over an error of a system call.
  public init(_ error: LinuxError) {
    self.init(operation: error.operation, subject: error.subject, code: error.code)
  }

  /// `bpf_obj_get /sys/fs/bpf/shortcut/allowlist: No such file or directory (errno 2)`.
  public var description: String {
    LinuxError(operation: operation, subject: subject, code: code).description
  }
}

/// Runs a libbpf 1.x call, which answers `-errno`, and returns its other answers.
@discardableResult
func check(_ operation: String, _ subject: String, _ call: () -> CInt) throws(BPFError) -> CInt {
  let result = call()
  guard result >= 0 else {
    throw BPFError(operation: operation, subject: subject, code: -result)
  }
  return result
}
