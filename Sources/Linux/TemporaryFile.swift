private import CLinux
private import Glibc

/// Owns a file that is written aside, to take another's place; what is left at its path when the
/// owner is gone is removed.
public struct TemporaryFile: ~Copyable {
  /// Where it is.
  public let path: String
  private let rawValue: CInt
  private var descriptor: Descriptor?
  private let name: Name

  /// Creates it, empty, mode 0600. Throws ``LinuxError``; `EEXIST` when something is there.
  public init(path: String) throws(LinuxError) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
    let descriptor = try Descriptor.open(path, flags: flags, mode: 0o600)
    rawValue = descriptor.rawValue
    self.descriptor = consume descriptor
    name = Name(path: path)
    self.path = path
  }

  /// Appends bytes. Throws ``LinuxError``.
  public borrowing func write(_ bytes: [UInt8]) throws(LinuxError) {
    try writeAll(bytes, to: rawValue, subject: path)
  }

  /// Gives it permission bits. The corresponding C function is `fchmod`.
  public borrowing func setMode(_ mode: UInt32) throws(LinuxError) {
    try check("fchmod", path) { fchmod(rawValue, mode) }
  }

  /// Gives it owner, mode and extended attributes of an open file.
  ///
  /// Throws ``LinuxError``. The corresponding C functions are `fchown`, `fchmod`, `fsetxattr`.
  public borrowing func copyMetadata(
    _ status: FileStatus, of file: borrowing Descriptor
  ) throws(LinuxError) {
    try check("fchown", path) { fchown(rawValue, status.owner, status.group) }
    clinux_copy_attributes(file.rawValue, rawValue)
    try setMode(status.mode)
  }

  /// Makes sure that its bytes are on the disk, and closes it: it can be executed from then on.
  ///
  /// Throws ``LinuxError``. The corresponding C function is `fsync`.
  public mutating func finish() throws(LinuxError) {
    try check("fsync", path) { fsync(rawValue) }
    descriptor = nil
  }

  // Not private: optimized modules that import this one refer to it by its symbol.
  struct Name: ~Copyable {
    let path: String

    deinit {
      unsafe unlink(path)
    }
  }
}
