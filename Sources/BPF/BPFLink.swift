private import CLibBPF
private import Glibc
import Linux

/// An attachment of a program; it ends when nobody holds it and it is not pinned.
public struct BPFLink: ~Copyable {
  private let descriptor: Descriptor

  init(owning descriptor: consuming Descriptor) {
    self.descriptor = descriptor
  }

  /// Opens a pinned link. The corresponding C function is `bpf_obj_get`.
  public init(pinnedAt path: String) throws(BPFError) {
    descriptor = Descriptor(owning: try check("bpf_obj_get", path) { unsafe bpf_obj_get(path) })
  }

  /// Lets it outlive this process. The corresponding C function is `bpf_obj_pin`.
  public borrowing func pin(at path: String) throws(BPFError) {
    let file = descriptor.rawValue
    try check("bpf_obj_pin", path) { unsafe bpf_obj_pin(file, path) }
  }

  /// Ends the attachment now, whoever else holds it. The corresponding C function is
  /// `bpf_link_detach`.
  public borrowing func detach() throws(BPFError) {
    let file = descriptor.rawValue
    try check("bpf_link_detach", "link") { bpf_link_detach(file) }
  }

  /// Opens the link of an identifier. The corresponding C function is `bpf_link_get_fd_by_id`.
  public init(identifier: UInt32) throws(BPFError) {
    descriptor = Descriptor(
      owning: try check("bpf_link_get_fd_by_id", "link \(identifier)") {
        bpf_link_get_fd_by_id(identifier)
      })
  }

  /// The identifiers of all links there are. The corresponding C function is
  /// `bpf_link_get_next_id`.
  public static func identifiers() throws(BPFError) -> [UInt32] {
    var (all, next): ([UInt32], UInt32) = ([], 0)
    while true {
      let result = unsafe bpf_link_get_next_id(next, &next)
      guard result != -ENOENT else { return all }
      try check("bpf_link_get_next_id", "link \(next)") { result }
      all.append(next)
    }
  }

  /// Whether it attaches a program to the sockets of a cgroup (`BPF_CGROUP_SOCK_OPS`).
  public borrowing func isOfSocketOperations() throws(BPFError) -> Bool {
    let information = try information()
    return information.type == BPF_LINK_TYPE_CGROUP.rawValue
      && information.cgroup.attach_type == BPF_CGROUP_SOCK_OPS.rawValue
  }

  /// What the kernel calls it until it ends.
  public borrowing func identifier() throws(BPFError) -> UInt32 {
    try information().id
  }

  /// What the kernel calls the program that it attaches now.
  public borrowing func programIdentifier() throws(BPFError) -> UInt32 {
    try information().prog_id
  }

  /// The identifier of the cgroup it is attached to; 0 when it was detached or that cgroup removed.
  public borrowing func controlGroupIdentifier() throws(BPFError) -> UInt64 {
    try information().cgroup.cgroup_id
  }

  /// Puts another program of the same type in the place of the present one, at once.
  ///
  /// The corresponding C function is `bpf_link_update`.
  borrowing func update(toProgram program: CInt) throws(BPFError) {
    let file = descriptor.rawValue
    try check("bpf_link_update", "link") { bpf_link_update(file, program, nil) }
  }

  private borrowing func information() throws(BPFError) -> bpf_link_info {
    var information = bpf_link_info()
    var length = UInt32(MemoryLayout<bpf_link_info>.size)
    let file = descriptor.rawValue
    try check("bpf_obj_get_info_by_fd", "link") {
      unsafe bpf_obj_get_info_by_fd(file, &information, &length)
    }
    return information
  }
}
