private import Glibc

/// What the kernel tells of a file. The corresponding C functions are `stat`, `lstat` and `fstat`.
public struct FileStatus: Sendable, Hashable {
  /// What kind of file it is.
  public enum Kind: Sendable, Hashable {
    /// Bytes.
    case regular
    /// A directory.
    case directory
    /// A symbolic link.
    case symbolicLink
    /// A device, a FIFO, a socket.
    case other
  }

  /// What kind of file it is.
  public let kind: Kind
  /// The file system; together with ``inode`` the file's identity.
  public let device: UInt64
  /// The file's number in its file system.
  public let inode: UInt64
  /// Length in bytes.
  public let size: Int64
  /// Permission bits, set-ID and sticky bits included.
  public let mode: UInt32
  /// Numeric user.
  public let owner: UInt32
  /// Numeric group.
  public let group: UInt32
  /// When the content was last modified; `CLOCK_REALTIME`, nanoseconds.
  public let modified: UInt64

  /// Of what a path leads to. Throws ``LinuxError``.
  public init(path: String) throws(LinuxError) {
    var status = stat()
    try check("stat", path) { unsafe stat(path, &status) }
    self.init(status)
  }

  /// Of the path itself, though it be a symbolic link. Throws ``LinuxError``.
  public init(linkAt path: String) throws(LinuxError) {
    var status = stat()
    try check("lstat", path) { unsafe lstat(path, &status) }
    self.init(status)
  }

  /// Of an open file. Throws ``LinuxError``.
  public init(of descriptor: borrowing Descriptor, subject: String) throws(LinuxError) {
    var status = stat()
    let file = descriptor.rawValue
    try check("fstat", subject) { unsafe fstat(file, &status) }
    self.init(status)
  }

  private init(_ status: stat) {
    kind = Kind(status.st_mode)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    mode = status.st_mode & 0o7777
    owner = status.st_uid
    group = status.st_gid
    modified = UInt64(status.st_mtim.tv_sec) * 1_000_000_000 + UInt64(status.st_mtim.tv_nsec)
  }
}

extension FileStatus.Kind {
  fileprivate init(_ mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .directory
    case S_IFLNK: self = .symbolicLink
    default: self = .other
    }
  }
}
