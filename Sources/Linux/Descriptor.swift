private import CLinux
private import Glibc

/// Owns a file descriptor and closes it.
public struct Descriptor: ~Copyable, Sendable {
  /// The descriptor's number, valid while this value lives.
  public let rawValue: CInt

  /// Takes over a descriptor that nobody else closes.
  public init(owning rawValue: CInt) {
    self.rawValue = rawValue
  }

  deinit {
    close(rawValue)
  }

  /// Opens a path, for reading if no flags are given; `O_CLOEXEC` is always added.
  ///
  /// Throws ``LinuxError``. The corresponding C function is `open`.
  public static func open(
    _ path: String, flags: CInt = 0, mode: UInt32 = 0
  ) throws(LinuxError) -> Descriptor {
    let descriptor = try check("open", path) { unsafe clinux_open(path, flags, mode) }
    return Descriptor(owning: descriptor)
  }

  /// The path of the open file, or nil. Read from `/proc/self/fd`.
  public borrowing func path() -> String? {
    let file = rawValue
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      guard let start = buffer.baseAddress,
        unsafe clinux_path_of_descriptor(file, start, buffer.count) != -1
      else { return nil }
      return unsafe String(cString: start)
    }
  }

  /// Takes an exclusive lock on the open file unless somebody has it; whether it did.
  ///
  /// Throws ``LinuxError``. The corresponding C function is `flock(LOCK_NB)`.
  public borrowing func tryLock(subject: String) throws(LinuxError) -> Bool {
    guard flock(rawValue, LOCK_EX | LOCK_NB) == -1 else { return true }
    let code = errno
    guard code != EWOULDBLOCK else { return false }
    throw LinuxError(operation: "flock", subject: subject, code: code)
  }

  /// Waits for an exclusive lock on the open file. The corresponding C function is `flock`.
  public borrowing func lock(subject: String) throws(LinuxError) {
    let descriptor = rawValue
    try check("flock", subject) {
      var result: CInt
      repeat { result = flock(descriptor, LOCK_EX) } while result == -1 && errno == EINTR
      return result
    }
  }
}
