private import Glibc

/// Makes a directory, mode 0700; one that is there already is fine if nobody but its owner may
/// change it, and that is the calling user or root.
///
/// Throws ``LinuxError``; `EPERM` for a directory of others, `ENOTDIR` for another kind of file and
/// for a symbolic link.
public func makeDirectory(_ path: String) throws(LinuxError) {
  guard unsafe mkdir(path, 0o700) == -1 else { return }
  let code = errno
  guard code == EEXIST else { throw LinuxError(operation: "mkdir", subject: path, code: code) }
  let status = try FileStatus(linkAt: path)
  guard status.kind == .directory else {
    throw LinuxError(operation: "mkdir", subject: path, code: ENOTDIR)
  }
  guard status.owner == 0 || status.owner == geteuid() else {
    throw LinuxError(
      operation: "use directory", subject: "\(path), which belongs to user \(status.owner)",
      code: EPERM)
  }
  guard status.mode & 0o022 == 0 else {
    throw LinuxError(
      operation: "use directory",
      subject: "\(path), which others may write (mode 0\(String(status.mode, radix: 8)))",
      code: EPERM)
  }
}

/// Removes an empty directory; absence is fine.
public func removeDirectory(_ path: String) throws(LinuxError) {
  guard unsafe rmdir(path) == -1 else { return }
  let code = errno
  guard code != ENOENT else { return }
  throw LinuxError(operation: "rmdir", subject: path, code: code)
}

/// Removes a file; absence is fine. Returns whether it was there.
@discardableResult
public func removeFile(_ path: String) throws(LinuxError) -> Bool {
  guard unsafe unlink(path) == -1 else { return true }
  let code = errno
  guard code != ENOENT else { return false }
  throw LinuxError(operation: "unlink", subject: path, code: code)
}

/// Whether something exists at a path.
public func exists(_ path: String) -> Bool {
  unsafe access(path, F_OK) == 0
}

/// When what a path leads to was last modified; `CLOCK_REALTIME`, nanoseconds. Nil when it leads
/// nowhere. The corresponding C function is `stat`.
public func modificationTime(_ path: String) -> UInt64? {
  var status = stat()
  guard unsafe stat(path, &status) == 0 else { return nil }
  return UInt64(status.st_mtim.tv_sec) * 1_000_000_000 + UInt64(status.st_mtim.tv_nsec)
}

/// The names in a directory, in no order, without `.` and `..`. Throws ``LinuxError``.
///
/// The corresponding C function is `readdir`.
public func names(in directory: String) throws(LinuxError) -> [String] {
  let stream = unsafe opendir(directory)
  let code = errno
  guard let stream = unsafe stream else {
    throw LinuxError(operation: "opendir", subject: directory, code: code)
  }
  defer { unsafe closedir(stream) }
  var names: [String] = []
  while let entry = unsafe readdir(stream) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names
}

/// Sets the times of what a path leads to to now; watchers of its directory see that.
///
/// Throws ``LinuxError``. The corresponding C function is `utimensat`.
public func setTimesToNow(_ path: String) throws(LinuxError) {
  try check("utimensat", path) { unsafe utimensat(AT_FDCWD, path, nil, 0) }
}
