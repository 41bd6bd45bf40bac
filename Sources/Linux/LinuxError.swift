private import Glibc

/// What a system call refused: `operation subject: reason (errno n)`.
public struct LinuxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system call or library function, by its C name.
  public let operation: String
  /// The object it was applied to: a path, an address, a process.
  public let subject: String
  /// The value of `errno`.
  public let code: CInt

  /// Makes an error from its parts.
  public init(operation: String, subject: String, code: CInt) {
    self.operation = operation
    self.subject = subject
    self.code = code
  }

  /// `open /proc/mounts: Permission denied (errno 13)`.
  public var description: String {
    let place = subject.isEmpty ? operation : "\(operation) \(subject)"
    return "\(place): \(reason(code: code)) (errno \(code))"
  }
}

/// The text of an error number. The corresponding C function is `strerror_r`.
public func reason(code: CInt) -> String {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
    guard let start = buffer.baseAddress else { return "error \(code)" }
    // The XSI variant: Swift's Glibc module is built without _GNU_SOURCE.
    guard unsafe strerror_r(code, start, buffer.count) == 0 else { return "error \(code)" }
    return unsafe String(cString: start)
  }
}

/// Runs a call that answers -1 and errno, and returns its other answers.
///
/// Throws ``LinuxError`` with errno as it was right after the call.
@discardableResult
public func check<Result: SignedInteger>(
  _ operation: String, _ subject: String, _ call: () -> Result
) throws(LinuxError) -> Result {
  let result = call()
  let code = errno
  guard result != -1 else {
    throw LinuxError(operation: operation, subject: subject, code: code)
  }
  return result
}
