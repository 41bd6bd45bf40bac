private import CLinux
private import Glibc

/// A non-blocking socket: of a path, where one that begins with `@` is an abstract name, or of TCP.
public struct Socket: ~Copyable, Sendable {
  private let descriptor: Descriptor
  private let path: String

  private init(owning descriptor: consuming Descriptor, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Connects to a stream socket. Throws ``LinuxError``. The corresponding C function is `connect`.
  public static func connect(to path: String) throws(LinuxError) -> Socket {
    let type = CInt(SOCK_STREAM.rawValue)
    let file = try check("connect", path) { unsafe clinux_unix_connect(path, type) }
    return Socket(owning: Descriptor(owning: file), path: path)
  }

  /// Sends one datagram to a socket. Throws ``LinuxError``. The corresponding C function is `send`.
  public static func send(_ bytes: [UInt8], to path: String) throws(LinuxError) {
    let type = CInt(SOCK_DGRAM.rawValue)
    let file = try check("connect", path) { unsafe clinux_unix_connect(path, type) }
    let socket = Socket(owning: Descriptor(owning: file), path: path)
    try socket.write(bytes)
  }

  /// Listens on a path, mode 0600; what was there must be gone.
  ///
  /// Throws ``LinuxError``. The corresponding C functions are `bind` and `listen`.
  public static func listen(on path: String) throws(LinuxError) -> Socket {
    let file = try check("bind", path) { unsafe clinux_unix_listen(path) }
    return Socket(owning: Descriptor(owning: file), path: path)
  }

  /// Listens on a TCP address. Throws ``LinuxError``. The C functions are `bind` and `listen`.
  public static func listen(on endpoint: Endpoint) throws(LinuxError) -> Socket {
    let file = try check("bind", endpoint.description) {
      unsafe clinux_tcp_listen(endpoint.address, endpoint.address.count, endpoint.port)
    }
    return Socket(owning: Descriptor(owning: file), path: endpoint.description)
  }

  /// For ``Epoll``.
  public var rawValue: CInt { descriptor.rawValue }

  /// A connection that waits at a listening socket, or nil.
  ///
  /// Throws ``LinuxError``. The corresponding C function is `accept4`.
  public borrowing func accept() throws(LinuxError) -> Socket? {
    let file = clinux_accept(descriptor.rawValue)
    let code = errno
    if file == -1 && (code == EAGAIN || code == ECONNABORTED) { return nil }
    guard file != -1 else { throw LinuxError(operation: "accept4", subject: path, code: code) }
    return Socket(owning: Descriptor(owning: file), path: path)
  }

  /// What has arrived; nil when nothing has, an empty array at the end of the stream.
  ///
  /// Throws ``LinuxError``. The corresponding C function is `recv`.
  public borrowing func read() throws(LinuxError) -> [UInt8]? {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    let file = descriptor.rawValue
    let count = unsafe block.withUnsafeMutableBytes { buffer in
      unsafe recv(file, buffer.baseAddress, buffer.count, 0)
    }
    let code = errno
    if count == -1 && (code == EAGAIN || code == EINTR) { return nil }
    guard count != -1 else { throw LinuxError(operation: "recv", subject: path, code: code) }
    return Array(block[..<count])
  }

  /// Waits up to a time for what arrives, and reads it as ``read()`` does.
  public borrowing func read(within milliseconds: Int) throws(LinuxError) -> [UInt8]? {
    let file = descriptor.rawValue
    let timeout = CInt(clamping: milliseconds)
    guard try check("poll", path, { clinux_poll(file, Int16(POLLIN), timeout) }) != 0 else {
      return nil
    }
    return try read()
  }

  /// Writes all bytes at once. Throws ``LinuxError``, `EAGAIN` when the other side does not read.
  ///
  /// The corresponding C function is `send`.
  public borrowing func write(_ bytes: [UInt8]) throws(LinuxError) {
    let file = descriptor.rawValue
    let count = try check("send", path) {
      unsafe bytes.withUnsafeBytes { unsafe clinux_send(file, $0.baseAddress, $0.count) }
    }
    guard count == bytes.count else {
      throw LinuxError(operation: "send", subject: path, code: EAGAIN)
    }
  }
}
