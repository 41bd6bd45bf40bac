private import CLibBPF
private import Glibc
public import Linux

/// Programs and maps of the whole node, whoever made them. Needs `CAP_SYS_ADMIN`.
public enum BPFInventory {
  /// One of them.
  public struct Item: Sendable, Hashable {
    /// The kernel's number for it.
    public let identifier: UInt32
    /// At most 15 bytes.
    public let name: String
  }

  /// A type of programs.
  public enum ProgramType: Sendable, Hashable {
    /// `BPF_PROG_TYPE_SOCK_OPS`
    case socketOperations
    /// `BPF_PROG_TYPE_LSM`
    case securityModule

    var value: UInt32 {
      switch self {
      case .socketOperations: BPF_PROG_TYPE_SOCK_OPS.rawValue
      case .securityModule: BPF_PROG_TYPE_LSM.rawValue
      }
    }
  }

  /// The programs of a type. Throws ``BPFError``. The C function is `bpf_prog_get_next_id`.
  public static func programs(of type: ProgramType) throws(BPFError) -> [Item] {
    var items: [Item] = []
    var identifier: UInt32 = 0
    while unsafe bpf_prog_get_next_id(identifier, &identifier) == 0 {
      guard let (item, found) = try program(identifier), found == type.value else { continue }
      items.append(item)
    }
    return items
  }

  /// The maps that sockets can be put into. The C function is `bpf_map_get_next_id`.
  public static func socketMaps() throws(BPFError) -> [Item] {
    let wanted = [BPF_MAP_TYPE_SOCKMAP.rawValue, BPF_MAP_TYPE_SOCKHASH.rawValue]
    var items: [Item] = []
    var identifier: UInt32 = 0
    while unsafe bpf_map_get_next_id(identifier, &identifier) == 0 {
      guard let (item, type) = try map(identifier), wanted.contains(type) else { continue }
      items.append(item)
    }
    return items
  }

  /// Identifiers of the sock_ops programs that run for sockets of a cgroup, those attached to its
  /// ancestors included. The corresponding C function is `bpf_prog_query`.
  public static func socketOperations(of cgroup: ControlGroup) throws(BPFError) -> [UInt32] {
    let directory: Descriptor
    do throws(LinuxError) {
      directory = try Descriptor.open(cgroup.path)
    } catch {
      throw BPFError(error)
    }
    var identifiers = [UInt32](repeating: 0, count: 64)
    var count = UInt32(identifiers.count)
    let file = directory.rawValue
    try check("bpf_prog_query", cgroup.path) {
      unsafe bpf_prog_query(
        file, BPF_CGROUP_SOCK_OPS, UInt32(BPF_F_QUERY_EFFECTIVE), nil, &identifiers, &count)
    }
    return Array(identifiers.prefix(Int(count)))
  }

  /// Nil when it is gone by now.
  private static func program(
    _ identifier: UInt32
  ) throws(BPFError) -> (item: Item, type: UInt32)? {
    let result = bpf_prog_get_fd_by_id(identifier)
    guard result != -ENOENT else { return nil }
    let file = Descriptor(owning: try check("bpf_prog_get_fd_by_id", "\(identifier)") { result })
    var information = bpf_prog_info()
    var length = UInt32(MemoryLayout<bpf_prog_info>.size)
    try check("bpf_obj_get_info_by_fd", "program \(identifier)") {
      unsafe bpf_obj_get_info_by_fd(file.rawValue, &information, &length)
    }
    let name = text(of: information.name)
    return (Item(identifier: identifier, name: name), information.type)
  }

  private static func map(_ identifier: UInt32) throws(BPFError) -> (item: Item, type: UInt32)? {
    let result = bpf_map_get_fd_by_id(identifier)
    guard result != -ENOENT else { return nil }
    let file = Descriptor(owning: try check("bpf_map_get_fd_by_id", "\(identifier)") { result })
    let information = try BPFMapInformation(
      descriptor: file.rawValue, subject: "map \(identifier)")
    return (Item(identifier: identifier, name: information.name), information.type)
  }
}
