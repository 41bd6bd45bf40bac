internal import Linux

/// A file of the configuration directory, as it was read.
struct ConfigurationFile {
  /// Where the runtime finds it.
  let path: String
  /// The same without symbolic links.
  let target: String
  /// Its content.
  let text: [UInt8]
  /// Its identity, owner and mode.
  let status: FileStatus

  /// What a runtime refuses to read is not read either.
  static let sizeLimit = 2 << 20

  /// Reads it. Throws ``LinuxError``; `EINVAL` when it is no regular file, `EFBIG` beyond 2 MiB.
  init(path: String) throws(LinuxError) {
    self.path = path
    target = try resolvedPath(path)
    let file = try openRegularFile(target)
    status = try FileStatus(of: file, subject: path)
    let text = try readAll(from: file.rawValue, subject: path, limit: Self.sizeLimit)
    guard let text else { throw LinuxError(operation: "read", subject: path, code: fileTooBig) }
    self.text = text
  }

  /// The last component of ``path``.
  var name: String {
    baseName(of: path)
  }

  /// The directory of ``target``.
  var directory: String {
    parentDirectory(of: target)
  }

  /// The runtime finds it by a symbolic link.
  var isLinked: Bool {
    (try? FileStatus(linkAt: path))?.kind == .symbolicLink
  }
}

func baseName(of path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

func parentDirectory(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
  return String(path[..<slash])
}
