private import Glibc

/// Whether two regular files hold the same bytes.
///
/// They are read in blocks. Throws ``LinuxError``; `EINVAL` when one is another kind of file.
public func haveSameContent(_ path: String, _ other: String) throws(LinuxError) -> Bool {
  let one = try openRegularFile(path)
  let two = try openRegularFile(other)
  let size = try FileStatus(of: one, subject: path).size
  guard try FileStatus(of: two, subject: other).size == size else { return false }
  var block = [UInt8](repeating: 0, count: 65536)
  var counterpart = block
  while true {
    let count = try readBlock(from: one.rawValue, subject: path, into: &block)
    let same = try readBlock(from: two.rawValue, subject: other, into: &counterpart)
    guard count == same, block[..<count] == counterpart[..<count] else { return false }
    guard count > 0 else { return true }
  }
}

/// Opens a file for reading and never waits, as opening a FIFO would.
///
/// Throws ``LinuxError``; `EINVAL` when it is no regular file.
public func openRegularFile(_ path: String) throws(LinuxError) -> Descriptor {
  let file = try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
  guard try FileStatus(of: file, subject: path).kind == .regular else {
    throw LinuxError(operation: "read", subject: path, code: EINVAL)
  }
  return file
}
