private import Glibc

/// What /proc tells of the processes that run now.
public enum ProcessTable {
  /// Inode numbers of all sockets that processes of one of these names have open, in any namespace.
  ///
  /// A name is the kernel's: its first 15 bytes. Processes that end meanwhile are passed over. The
  /// sources are `/proc/PID/comm` and `/proc/PID/fd`.
  public static func socketInodes(ofProgramsNamed names: [String]) -> [UInt64] {
    let names = Set(names.map { String(decoding: $0.utf8.prefix(15), as: UTF8.self) })
    let processes = entries(of: "/proc").filter { $0.allSatisfy(\.isNumber) }
    return processes.filter { names.contains(name(of: $0)) }.flatMap(sockets)
  }

  private static func name(of process: String) -> String {
    let text = (try? readText("/proc/\(process)/comm")) ?? ""
    return String(text.prefix { !$0.isNewline })
  }

  private static func sockets(of process: String) -> [UInt64] {
    entries(of: "/proc/\(process)/fd").compactMap { file in
      guard let target = linkTarget("/proc/\(process)/fd/\(file)"), target.hasPrefix("socket:[")
      else { return nil }
      return UInt64(target.dropFirst("socket:[".count).dropLast())
    }
  }

  private static func entries(of directory: String) -> [String] {
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
      unsafe readlink(path, bytes.bindMemory(to: CChar.self).baseAddress!, bytes.count)
    }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
