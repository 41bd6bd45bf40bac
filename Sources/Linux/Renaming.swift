private import CLinux
private import Glibc

/// Puts a file in the place of another, atomically. The corresponding C function is `rename`.
public func renameFile(_ path: String, to target: String) throws(LinuxError) {
  try check("rename", target) { unsafe rename(path, target) }
}

/// Gives each of two paths the other's file, atomically.
///
/// Throws ``LinuxError``; `EINVAL` where the file system cannot. The corresponding C function is
/// `renameat2(RENAME_EXCHANGE)`.
public func exchangeFiles(_ path: String, _ other: String) throws(LinuxError) {
  try check("renameat2", other) { unsafe clinux_exchange(path, other) }
}

/// Makes sure that the names in a directory are on the disk. The corresponding C function is
/// `fsync`.
public func synchronizeDirectory(_ path: String) throws(LinuxError) {
  let directory = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
  let file = directory.rawValue
  try check("fsync", path) { fsync(file) }
}

/// Makes a symbolic link. The corresponding C function is `symlink`.
public func makeLink(_ path: String, to target: String) throws(LinuxError) {
  try check("symlink", path) { unsafe symlink(target, path) }
}

/// What a symbolic link says. The corresponding C function is `readlink`.
public func linkTarget(_ path: String) throws(LinuxError) -> String {
  var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
  let count = try check("readlink", path) {
    unsafe buffer.withUnsafeMutableBytes { bytes in
      guard let start = unsafe bytes.bindMemory(to: CChar.self).baseAddress else { return -1 }
      return unsafe readlink(path, start, bytes.count)
    }
  }
  return String(decoding: buffer[..<count], as: UTF8.self)
}

/// An absolute path without symbolic links, of what a path leads to.
///
/// Throws ``LinuxError``. The corresponding C function is `realpath`.
public func resolvedPath(_ path: String) throws(LinuxError) -> String {
  let found = unsafe realpath(path, nil)
  let code = errno
  guard let found = unsafe found else {
    throw LinuxError(operation: "realpath", subject: path, code: code)
  }
  defer { unsafe free(found) }
  return unsafe String(cString: found)
}

extension Descriptor {
  /// Whether the file is open for writing somewhere; nil where that cannot be found out.
  ///
  /// The descriptor must be open for reading alone. The C function is `fcntl(F_SETLEASE)`.
  public borrowing func hasWriter() -> Bool? {
    switch clinux_has_writer(rawValue) {
    case 0: false
    case 1: true
    default: nil
    }
  }

  /// Takes a lock unless that would have to be waited for; whether it was taken. Shared locks
  /// exclude exclusive ones alone. The corresponding C function is `flock(LOCK_NB)`.
  public borrowing func tryLock(_ lock: Lock, subject: String) throws(LinuxError) -> Bool {
    let result = flock(rawValue, (lock == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB)
    let code = errno
    if result == -1 && code == EWOULDBLOCK { return false }
    guard result == 0 else { throw LinuxError(operation: "flock", subject: subject, code: code) }
    return true
  }

  /// How many may hold a lock.
  public enum Lock: Sendable {
    /// Any number.
    case shared
    /// One.
    case exclusive
  }
}
