private import Glibc
private import Linux

extension Attachment {
  /// Whether its network namespace is certain not to exist any more.
  ///
  /// A path that leads nowhere, to another kind of file or to another namespace is proof; one that
  /// cannot be looked up is none. Enters the namespace with the calling thread and comes back.
  public var isNamespaceGone: Bool {
    guard netnsPath.hasPrefix("/") else { return false }
    do throws(LinuxError) {
      return try NetworkNamespace(path: netnsPath).cookie() != netnsCookie
    } catch {
      return [ENOENT, ENOTDIR, EINVAL].contains(error.code)
    }
  }
}
