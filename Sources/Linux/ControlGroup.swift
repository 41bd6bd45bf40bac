private import CLinux
private import Glibc

/// A cgroup of the version 2 hierarchy.
public struct ControlGroup: Sendable, Hashable {
  /// Absolute path of its directory.
  public let path: String

  /// Names a cgroup by its directory.
  public init(path: String) {
    self.path = path
  }

  /// The root of the version 2 hierarchy: the first mount of type cgroup2 in the mount table.
  ///
  /// Throws ``LinuxError``; `ENOENT` when none is mounted.
  public static func root() throws(LinuxError) -> ControlGroup {
    ControlGroup(path: try mount().target)
  }

  static func mount() throws(LinuxError) -> MountTable.Mount {
    for mount in try MountTable.own() where mount.type == "cgroup2" { return mount }
    throw LinuxError(operation: "find cgroup2 mount", subject: MountTable.path, code: ENOENT)
  }

  /// The kernel's 64-bit identifier. The corresponding C function is `name_to_handle_at`.
  public func identifier() throws(LinuxError) -> UInt64 {
    var identifier: UInt64 = 0
    try check("name_to_handle_at", path) {
      unsafe clinux_control_group_identifier(path, &identifier)
    }
    return identifier
  }

  /// The cgroup of an identifier, or nil when it is gone. The C function is `open_by_handle_at`.
  ///
  /// That one needs `CAP_DAC_READ_SEARCH`; the root is known without it.
  public init?(identifier: UInt64) {
    guard let root = try? ControlGroup.root() else { return nil }
    if (try? root.identifier()) == identifier {
      self = root
      return
    }
    let file = unsafe clinux_open_control_group(root.path, identifier)
    guard file != -1 else { return nil }
    let descriptor = Descriptor(owning: file)
    guard let path = descriptor.path() else { return nil }
    self.init(path: path)
  }

  /// Makes a child. Throws ``LinuxError``.
  public func child(named name: String) throws(LinuxError) -> ControlGroup {
    let child = ControlGroup(path: "\(path)/\(name)")
    try check("mkdir", child.path) { unsafe mkdir(child.path, 0o755) }
    return child
  }

  /// Moves the calling process here.
  public func enter() throws(LinuxError) {
    try writeText("0", to: "\(path)/cgroup.procs")
  }

  /// Removes the cgroup, which must be empty; absence is fine.
  public func remove() throws(LinuxError) {
    guard unsafe rmdir(path) == -1 else { return }
    let code = errno
    guard code != ENOENT else { return }
    throw LinuxError(operation: "rmdir", subject: path, code: code)
  }
}
