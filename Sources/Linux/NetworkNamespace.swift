private import CLinux
private import Glibc

/// An open network namespace.
public struct NetworkNamespace: ~Copyable {
  private let descriptor: Descriptor
  private let path: String

  var rawValue: CInt { descriptor.rawValue }

  /// The namespace the calling thread is in.
  public static let ownPath = "/proc/thread-self/ns/net"

  /// Opens a namespace file, for example `/var/run/netns/NAME`; nothing is ever created,
  /// and what is another kind of file is not opened.
  ///
  /// Throws ``LinuxError``; `EINVAL` when the file is not a namespace.
  public init(path: String) throws(LinuxError) {
    let file = try check("open network namespace", path) { unsafe clinux_open_namespace(path) }
    self.descriptor = Descriptor(owning: file)
    self.path = path
  }

  /// The number the kernel gives this namespace until reboot: `SO_NETNS_COOKIE` of a socket in it.
  ///
  /// Enters the namespace with the calling thread and comes back before it returns.
  public borrowing func cookie() throws(LinuxError) -> UInt64 {
    let (cookie, code) = try inside {
      var cookie: UInt64 = 0
      let result = unsafe clinux_network_namespace_cookie(&cookie)
      return (cookie, result == 0 ? 0 : errno)
    }
    guard code == 0 else {
      throw LinuxError(operation: "getsockopt SO_NETNS_COOKIE", subject: path, code: code)
    }
    return cookie
  }

  /// Does something in this namespace, which the calling thread enters and leaves again.
  public borrowing func inside<Value>(_ body: () -> Value) throws(LinuxError) -> Value {
    let own = try NetworkNamespace(path: Self.ownPath)
    try enter()
    let value = body()
    try own.enter()
    return value
  }

  /// Whether a path leads to the namespace the calling thread is in, by device and inode.
  ///
  /// Nothing is opened; false when it leads nowhere. The corresponding C function is `stat`.
  public static func isOwn(path: String) -> Bool {
    var (found, own) = (stat(), stat())
    guard unsafe stat(path, &found) == 0, unsafe stat(ownPath, &own) == 0 else { return false }
    return found.st_dev == own.st_dev && found.st_ino == own.st_ino
  }

  /// Moves the calling thread into this namespace. The corresponding C function is `setns`.
  public borrowing func enter() throws(LinuxError) {
    let file = descriptor.rawValue
    try check("setns", path) { clinux_enter_network_namespace(file) }
  }

  /// Moves the calling thread into a new namespace whose loopback is up.
  public static func unshare() throws(LinuxError) {
    try check("unshare", "network namespace") { clinux_unshare_network_namespace() }
    try check("ioctl SIOCSIFFLAGS", "lo") { clinux_loopback_up() }
  }
}
