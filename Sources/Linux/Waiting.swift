private import CLinux
private import Glibc

/// Owns the arrival of SIGTERM and SIGINT, which no longer end the process.
///
/// To be made by the only thread. The corresponding C function is `signalfd`.
public struct TerminationSignals: ~Copyable {
  /// The descriptor to wait for.
  public let descriptor: Descriptor

  /// Begins to take them. Throws ``LinuxError``.
  public init() throws(LinuxError) {
    descriptor = Descriptor(
      owning: try check("signalfd", "SIGTERM") { clinux_termination_descriptor() })
  }
}

/// Waits until one of the descriptors can be read or the time is over; which of them can.
///
/// Throws ``LinuxError``. The corresponding C function is `poll`.
public func waitForInput(
  _ descriptors: [CInt], milliseconds: Int
) throws(LinuxError) -> [Bool] {
  var requests = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  let count = unsafe poll(&requests, nfds_t(requests.count), CInt(clamping: milliseconds))
  let code = errno
  guard count != -1 || code == EINTR else {
    throw LinuxError(operation: "poll", subject: "", code: code)
  }
  return requests.map { count > 0 && $0.revents != 0 }
}
