private import Glibc

/// Owns a watch of directories. The corresponding C functions are those of inotify(7).
public struct DirectoryWatch: ~Copyable {
  /// What happened in a directory.
  public struct Event: Sendable, Hashable {
    /// The name of the file, empty when it is the directory itself.
    public let name: String
    /// A file that was opened for reading alone was closed.
    public let isRead: Bool
  }

  /// The descriptor to wait for.
  public let descriptor: Descriptor

  /// Begins to watch what changes names or contents in directories, and who reads them.
  ///
  /// Throws ``LinuxError``; `EMFILE` when the user has too many watches, `ENOSPC` likewise.
  public init(_ directories: [String], reads: Bool = false) throws(LinuxError) {
    let file = try check("inotify_init1", "") { inotify_init1(CInt(O_CLOEXEC | O_NONBLOCK)) }
    let descriptor = Descriptor(owning: file)
    let mask = UInt32(reads ? IN_CLOSE_NOWRITE : 0) | Self.changes
    for directory in directories {
      try check("inotify_add_watch", directory) { unsafe inotify_add_watch(file, directory, mask) }
    }
    self.descriptor = descriptor
  }

  private static var changes: UInt32 {
    UInt32(
      IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE
        | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
  }

  /// What has happened since the last call; empty when nothing has. Throws ``LinuxError``.
  public borrowing func events() throws(LinuxError) -> [Event] {
    var block = [UInt8](repeating: 0, count: 65536)
    let file = descriptor.rawValue
    let count = unsafe block.withUnsafeMutableBytes { bytes in
      unsafe read(file, bytes.baseAddress, bytes.count)
    }
    let code = errno
    if count == -1 && (code == EAGAIN || code == EINTR) { return [] }
    guard count != -1 else { throw LinuxError(operation: "read", subject: "inotify", code: code) }
    return Self.parse(block[..<count])
  }

  /// A `struct inotify_event` is its watch, mask, cookie and the length of the padded name.
  private static func parse(_ block: ArraySlice<UInt8>) -> [Event] {
    var (rest, events) = (block, [Event]())
    while rest.count >= 16 {
      let mask = word(rest.dropFirst(4))
      let length = Int(word(rest.dropFirst(12)))
      let name = rest.dropFirst(16).prefix(length).prefix { $0 != 0 }
      events.append(
        Event(
          name: String(decoding: name, as: UTF8.self),
          isRead: mask & UInt32(IN_CLOSE_NOWRITE) != 0))
      rest = rest.dropFirst(16 + length)
    }
    return events
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt32.self) }
  }
}
