/// What is mounted where, as the calling process sees it.
public enum MountTable {
  /// One mount.
  public struct Mount: Sendable, Hashable {
    /// What of the file system is mounted: `/` unless it is a part. A cgroup's path is as the
    /// calling process's cgroup namespace shows it, which begins with `/..` outside of it.
    public let root: String
    /// The directory, with the kernel's octal escapes undone.
    public let target: String
    /// The file system's type, for example `cgroup2`.
    public let type: String
  }

  static let path = "/proc/self/mountinfo"

  /// All mounts in mount order. Throws ``LinuxError``.
  public static func own() throws(LinuxError) -> [Mount] {
    parse(try readText(path))
  }

  /// Reads the format of `/proc/PID/mountinfo` (see proc(5)): identifiers, device, root, target,
  /// options, optional fields, a hyphen, type, source, more options.
  public static func parse(_ table: String) -> [Mount] {
    table.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard let hyphen = fields.dropFirst(6).firstIndex(of: "-"), hyphen + 1 < fields.count else {
        return nil
      }
      return Mount(
        root: unescape(fields[3]), target: unescape(fields[4]), type: String(fields[hyphen + 1]))
    }
  }

  /// `\040` is a space, `\011` a tab, `\012` a newline, `\134` a backslash.
  private static func unescape(_ field: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.count >= 3,
        let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
