private import CLinux
private import Glibc

/// Two network namespaces of nobody else's, joined by a pair of veth interfaces, for self-tests.
///
/// They have no names: the kernel removes them with this value, or with the process.
public struct Cable: ~Copyable {
  /// Where the client is.
  public let clientNamespace: NetworkNamespace
  /// Where the server is.
  public let serverNamespace: NetworkNamespace

  /// The client's address: four bytes of TEST-NET-1.
  public static let clientAddress: [UInt8] = [192, 0, 2, 1]
  /// The server's address.
  public static let serverAddress: [UInt8] = [192, 0, 2, 2]
  private static let port: UInt16 = 10671

  /// Makes both. The calling thread enters them and comes back. Throws ``LinuxError``.
  public init() throws(LinuxError) {
    let home = try NetworkNamespace(path: NetworkNamespace.ownPath)
    do throws(LinuxError) {
      let client = try Self.namespace()
      let server = try Self.namespace()
      try Self.join(client, server)
      try home.enter()
      clientNamespace = client
      serverNamespace = server
    } catch {
      try home.enter()
      throw error
    }
  }

  private static func namespace() throws(LinuxError) -> NetworkNamespace {
    try NetworkNamespace.unshare()
    return try NetworkNamespace(path: NetworkNamespace.ownPath)
  }

  private static func join(
    _ client: borrowing NetworkNamespace, _ server: borrowing NetworkNamespace
  ) throws(LinuxError) {
    let file = client.rawValue
    try server.enter()
    try check("create veth", "two network namespaces") {
      unsafe clinux_veth_create("server", "client", file)
    }
    try up("server", serverAddress)
    try client.enter()
    try up("client", clientAddress)
  }

  private static func up(_ name: String, _ address: [UInt8]) throws(LinuxError) {
    try check("ioctl SIOCSIFADDR", name) { unsafe clinux_interface_up(name, address) }
  }

  /// A connection from one end to the other; its sockets are in the cgroup of this process.
  ///
  /// Throws ``LinuxError``; `ETIMEDOUT` when the handshake takes more than five seconds.
  public borrowing func connect() throws(LinuxError) -> CableConnection {
    let home = try NetworkNamespace(path: NetworkNamespace.ownPath)
    let result: Result<(listener: CInt, client: CInt), LinuxError>
    do throws(LinuxError) {
      result = .success(try open())
    } catch {
      result = .failure(error)
    }
    try home.enter()
    let files = try result.get()
    let listener = Descriptor(owning: files.listener)
    let client = Descriptor(owning: files.client)
    let server = Descriptor(
      owning: try check("accept4", "veth") { clinux_accept_nonblocking(listener.rawValue, 5000) })
    return CableConnection(client: client, server: server)
  }

  private borrowing func open() throws(LinuxError) -> (listener: CInt, client: CInt) {
    try serverNamespace.enter()
    let listener = try check("listen", "192.0.2.2") {
      unsafe clinux_tcp_listen(Self.serverAddress, Self.serverAddress.count, Self.port)
    }
    do throws(LinuxError) {
      try clientNamespace.enter()
      let client = try check("connect", "192.0.2.2") {
        unsafe clinux_tcp_connect(Self.serverAddress, Self.serverAddress.count, Self.port)
      }
      return (listener, client)
    } catch {
      close(listener)
      throw error
    }
  }
}
