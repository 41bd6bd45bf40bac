private import CLinux
private import Glibc

extension ControlGroup {
  /// The cgroup the calling process is in, as a directory below ``root()``.
  ///
  /// Throws ``LinuxError``; `ENOENT` when the mount does not show it.
  public static func own() throws(LinuxError) -> ControlGroup {
    let mount = try mount()
    for line in try readText("/proc/self/cgroup").split(separator: "\n")
    where line.hasPrefix("0::") {
      let path = String(line.dropFirst(3))
      if let directory = directory(of: path, in: mount) { return ControlGroup(path: directory) }
      throw LinuxError(
        operation: "find own cgroup below \(mount.target)",
        subject: "\(path), of another cgroup namespace (a container needs the node's processes)",
        code: ENOENT)
    }
    return ControlGroup(path: mount.target)
  }

  /// Where a mount shows a cgroup, nil if it lies outside of what is mounted.
  static func directory(of path: String, in mount: MountTable.Mount) -> String? {
    let relative = path == "/" ? "" : path
    let root = mount.root == "/" ? "" : mount.root
    guard relative == root || relative.hasPrefix(root + "/") else { return nil }
    return mount.target + relative.dropFirst(root.count)
  }

  /// Moves the calling thread into the cgroup namespace of the node's first process.
  ///
  /// A container has its own, in which the kernel neither names nor reaches cgroups outside. Does
  /// nothing where that process cannot be seen. The corresponding C function is `setns`.
  public static func enterNodeNamespace() {
    _ = unsafe clinux_enter_cgroup_namespace("/proc/1/ns/cgroup")
  }
}
