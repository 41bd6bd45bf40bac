private import CLinux

/// Waits for many descriptors at once.
public struct Epoll: ~Copyable {
  private let descriptor: Descriptor

  /// Waits for nothing yet. Throws ``LinuxError``. The C function is `epoll_create1`.
  public init() throws(LinuxError) {
    descriptor = Descriptor(owning: try check("epoll_create1", "") { clinux_epoll_create() })
  }

  /// Wakes up with a token whenever a descriptor can be read, until that is closed.
  ///
  /// Throws ``LinuxError``. The corresponding C function is `epoll_ctl`.
  public borrowing func add(_ file: CInt, token: UInt64) throws(LinuxError) {
    let epoll = descriptor.rawValue
    try check("epoll_ctl", "descriptor \(file)") { clinux_epoll_add(epoll, file, token) }
  }

  /// Wakes up with a token whenever a file tells of a change, as `/proc/self/mountinfo` does of
  /// mounts.
  ///
  /// Throws ``LinuxError``. The corresponding C function is `epoll_ctl` with `EPOLLPRI`.
  public borrowing func add(changesOf file: CInt, token: UInt64) throws(LinuxError) {
    let epoll = descriptor.rawValue
    try check("epoll_ctl", "descriptor \(file)") {
      clinux_epoll_add_exceptional(epoll, file, token)
    }
  }

  /// The tokens of what can be read; none when the time has come, in `CLOCK_MONOTONIC` nanoseconds.
  ///
  /// Throws ``LinuxError``. The corresponding C function is `epoll_wait`.
  public borrowing func wait(until deadline: UInt64?) throws(LinuxError) -> [UInt64] {
    let epoll = descriptor.rawValue
    var tokens = [UInt64](repeating: 0, count: 16)
    let count = try check("epoll_wait", "") {
      unsafe clinux_epoll_wait(epoll, &tokens, CInt(tokens.count), Self.timeout(until: deadline))
    }
    return Array(tokens[..<Int(count)])
  }

  /// Rounded up: waking too early would only mean to wait again.
  private static func timeout(until deadline: UInt64?) -> CInt {
    guard let deadline else { return -1 }
    let now = monotonicNanoseconds()
    guard deadline > now else { return 0 }
    return CInt(clamping: (deadline - now + 999_999) / 1_000_000)
  }
}
