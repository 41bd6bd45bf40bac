private import CLinux
private import Glibc

/// Two non-blocking ends of one TCP connection over 127.0.0.1, for self-tests.
public struct LoopbackConnection: ~Copyable {
  /// The end that connected.
  public let client: Descriptor
  /// The end that accepted.
  public let server: Descriptor

  /// Connects inside the calling thread's network namespace.
  ///
  /// Throws ``LinuxError``; `ETIMEDOUT` when the handshake takes more than two seconds.
  public init() throws(LinuxError) {
    var port: UInt16 = 0
    let listener = Descriptor(
      owning: try check("listen", "127.0.0.1") { unsafe clinux_listen_loopback(&port) })
    let client = Descriptor(
      owning: try check("connect", "127.0.0.1:\(port)") { clinux_connect_loopback(port) })
    let listening = listener.rawValue
    let server = Descriptor(
      owning: try check("accept4", "127.0.0.1:\(port)") {
        clinux_accept_nonblocking(listening, 2000)
      })
    self.client = client
    self.server = server
  }
}

extension Descriptor {
  /// Sends what the socket takes now; 0 when it takes nothing. The C function is `send`.
  public borrowing func send(_ bytes: ArraySlice<UInt8>) throws(LinuxError) -> Int {
    let file = rawValue
    let count = unsafe bytes.withUnsafeBytes { buffer in
      unsafe clinux_send(file, buffer.baseAddress, buffer.count)
    }
    let code = errno
    if count == -1 && code == EAGAIN { return 0 }
    guard count != -1 else { throw LinuxError(operation: "send", subject: "socket", code: code) }
    return count
  }

  /// Receives up to `limit` bytes, waiting up to a second for the first; nil when none came.
  ///
  /// An empty array is the end of the stream. The corresponding C function is `recv`.
  public borrowing func receive(_ limit: Int) throws(LinuxError) -> [UInt8]? {
    let file = rawValue
    guard try check("poll", "socket", { clinux_poll(file, Int16(POLLIN), 1000) }) != 0 else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe recv(file, buffer.baseAddress, buffer.count, 0)
    }
    let code = errno
    if count == -1 && code == EAGAIN { return nil }
    guard count != -1 else { throw LinuxError(operation: "recv", subject: "socket", code: code) }
    return Array(bytes[..<count])
  }

  /// Ends what this end sends. The corresponding C function is `shutdown(SHUT_WR)`.
  public borrowing func endSending() throws(LinuxError) {
    let file = rawValue
    try check("shutdown", "socket") { shutdown(file, CInt(SHUT_WR)) }
  }

  /// Bytes that can be read now, as the kernel tells programs. The C function is `ioctl(FIONREAD)`.
  public borrowing func readableBytes() throws(LinuxError) -> Int {
    var bytes: CInt = 0
    let file = rawValue
    try check("ioctl FIONREAD", "socket") { unsafe clinux_readable_bytes(file, &bytes) }
    return Int(bytes)
  }

  /// Bytes charged to the receive queue: `SK_MEMINFO_RMEM_ALLOC` of `SO_MEMINFO`.
  public borrowing func receiveQueueMemory() throws(LinuxError) -> Int {
    var bytes: UInt32 = 0
    let file = rawValue
    try check("getsockopt SO_MEMINFO", "socket") {
      unsafe clinux_receive_queue_memory(file, &bytes)
    }
    return Int(bytes)
  }
}
