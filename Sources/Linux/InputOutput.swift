private import CLinux
private import Glibc

/// Reads until the end of the file, in blocks.
///
/// Returns nil when the file holds more than `limit` bytes. Throws ``LinuxError``. The
/// corresponding C function is `read`.
public func readAll(
  from descriptor: CInt, subject: String, limit: Int
) throws(LinuxError) -> [UInt8]? {
  var content: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 16384)
  while true {
    let count = try readBlock(from: descriptor, subject: subject, into: &block)
    guard count > 0 else { return content }
    guard content.count + count <= limit else { return nil }
    content.append(contentsOf: block[..<count])
  }
}

func readBlock(
  from descriptor: CInt, subject: String, into block: inout [UInt8]
) throws(LinuxError) -> Int {
  while true {
    let count = unsafe block.withUnsafeMutableBytes { bytes in
      unsafe read(descriptor, bytes.baseAddress, bytes.count)
    }
    let code = errno
    guard count == -1 else { return count }
    guard code == EINTR else {
      throw LinuxError(operation: "read", subject: subject, code: code)
    }
  }
}

/// Writes all bytes; as long as the descriptor takes them, in a single call.
///
/// Throws ``LinuxError``. The corresponding C function is `write`.
public func writeAll(
  _ bytes: [UInt8], to descriptor: CInt, subject: String
) throws(LinuxError) {
  var written = 0
  while written < bytes.count {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      unsafe write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
    }
    let code = errno
    if count == -1 && code == EINTR { continue }
    guard count != -1 else {
      throw LinuxError(operation: "write", subject: subject, code: code)
    }
    written += count
  }
}

/// The content of a small text file. Throws ``LinuxError``; `EFBIG` beyond 16 MiB.
public func readText(_ path: String) throws(LinuxError) -> String {
  let file = try Descriptor.open(path)
  let content = try readAll(from: file.rawValue, subject: path, limit: 16 << 20)
  guard let content else { throw LinuxError(operation: "read", subject: path, code: EFBIG) }
  return String(decoding: content, as: UTF8.self)
}

/// Writes a text to an existing file in one call: files of procfs, sysfs, cgroupfs.
public func writeText(_ text: String, to path: String) throws(LinuxError) {
  let file = try Descriptor.open(path, flags: O_WRONLY)
  try writeAll(Array(text.utf8), to: file.rawValue, subject: path)
}

/// Writes a text to a file, which is made (mode 0600) when it is absent.
public func writeText(_ text: String, toNew path: String) throws(LinuxError) {
  let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW
  let file = try Descriptor.open(path, flags: flags, mode: 0o600)
  try writeAll(Array(text.utf8), to: file.rawValue, subject: path)
}

/// Appends one line to a log, which is made (mode 0640) when it is absent.
///
/// A single `write` in append mode: lines of concurrent writers do not mix. Never waits: a FIFO
/// without a reader, or a full one, is an error.
public func appendLine(_ line: String, to path: String) throws(LinuxError) {
  let flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY
  let file = try Descriptor.open(path, flags: flags, mode: 0o640)
  try writeAll(Array("\(line)\n".utf8), to: file.rawValue, subject: path)
}

/// Whether a descriptor is a terminal's. The corresponding C function is `isatty`.
public func isTerminal(_ descriptor: CInt) -> Bool {
  isatty(descriptor) == 1
}

/// How many lines a terminal shows, or nil. The corresponding C function is `ioctl(TIOCGWINSZ)`.
public func terminalRows(_ descriptor: CInt) -> Int? {
  let rows = clinux_terminal_rows(descriptor)
  return rows > 0 ? Int(rows) : nil
}
