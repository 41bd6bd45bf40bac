private import CLinux

/// Tells that something in watched directories came, went or changed its attributes.
public struct Inotify: ~Copyable {
  private let descriptor: Descriptor

  /// Watches nothing yet. Throws ``LinuxError``. The corresponding C function is `inotify_init1`.
  public init() throws(LinuxError) {
    descriptor = Descriptor(owning: try check("inotify_init1", "") { clinux_inotify_create() })
  }

  /// For ``Epoll``.
  public var rawValue: CInt { descriptor.rawValue }

  /// Watches a directory too; one that is watched already stays so.
  ///
  /// Throws ``LinuxError``. The corresponding C function is `inotify_add_watch`.
  public borrowing func watch(_ directory: String) throws(LinuxError) {
    let file = descriptor.rawValue
    try check("inotify_add_watch", directory) { unsafe clinux_inotify_watch(file, directory) }
  }

  /// Forgets what was told so far. Throws ``LinuxError``.
  public borrowing func drain() throws(LinuxError) {
    let file = descriptor.rawValue
    try check("read", "inotify") { clinux_inotify_drain(file) }
  }
}
