private import Glibc

/// What /proc tells of the processes that run now.
public enum ProcessTable {
  /// One process.
  public struct Entry: Sendable, Hashable {
    /// The kernel's name for it: 15 bytes at most. The source is `/proc/PID/comm`.
    public var name: String
    /// Bit N - 1 is set if it has a handler for signal N. The source is `SigCgt`.
    public var caughtSignals: UInt64

    fileprivate var identifier: String
  }

  /// All processes; those that end meanwhile are passed over.
  public static func entries() -> [Entry] {
    names(in: "/proc").filter { $0.allSatisfy(\.isNumber) }.map { identifier in
      Entry(
        name: line(of: identifier, file: "comm", after: ""),
        caughtSignals: UInt64(
          line(of: identifier, file: "status", after: "SigCgt:\t"), radix: 16) ?? 0,
        identifier: identifier)
    }
  }

  /// The first line that begins so, without that beginning.
  private static func line(of process: String, file: String, after start: String) -> String {
    let text = (try? readText("/proc/\(process)/\(file)")) ?? ""
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(start) }
    return String(line?.dropFirst(start.count) ?? "")
  }

  private static func names(in directory: String) -> [String] {
    guard let stream = unsafe opendir(directory) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private static func linkTarget(_ path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      guard let start = unsafe bytes.bindMemory(to: CChar.self).baseAddress else { return -1 }
      return unsafe readlink(path, start, bytes.count)
    }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}

extension ProcessTable.Entry {
  /// Inode numbers of the sockets it has open, in any namespace. The source is `/proc/PID/fd`.
  public var socketInodes: [UInt64] {
    ProcessTable.socketInodes(of: identifier)
  }
}

extension ProcessTable {
  fileprivate static func socketInodes(of process: String) -> [UInt64] {
    names(in: "/proc/\(process)/fd").compactMap { file in
      guard let target = linkTarget("/proc/\(process)/fd/\(file)"), target.hasPrefix("socket:[")
      else { return nil }
      return UInt64(target.dropFirst("socket:[".count).dropLast())
    }
  }
}
