private import CLinux
private import Glibc

/// The file system that keeps pinned BPF objects.
public enum BPFFileSystem {
  /// Whether a path lies on a BPF file system; false also when it does not exist.
  public static func contains(_ path: String) -> Bool {
    unsafe clinux_is_bpf_filesystem(path) == 1
  }

  /// False where the node's first process is seen to have another mount table than this one:
  /// what is mounted here would end with this container.
  public static var isSharedWithNode: Bool {
    var (own, node) = (stat(), stat())
    guard unsafe stat("/proc/self/ns/mnt", &own) == 0, unsafe stat("/proc/1/ns/mnt", &node) == 0
    else { return true }
    return own.st_dev == node.st_dev && own.st_ino == node.st_ino
  }

  /// Mounts one on an existing directory, mode 0700. The corresponding C function is `mount`.
  public static func mount(on path: String) throws(LinuxError) {
    try check("mount bpf", path) { unsafe clinux_mount_bpf_filesystem(path) }
  }

  /// Unmounts one, though it may be busy. The corresponding C function is `umount2`.
  public static func unmount(_ path: String) throws(LinuxError) {
    try check("umount2", path) { unsafe clinux_unmount(path) }
  }
}
