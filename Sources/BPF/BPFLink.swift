private import CLibBPF
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

  /// The identifier of the cgroup it is attached to; 0 when that cgroup was removed.
  public borrowing func controlGroupIdentifier() throws(BPFError) -> UInt64 {
    try information().cgroup.cgroup_id
  }

  /// The identifier of the program that is attached.
  public borrowing func programIdentifier() throws(BPFError) -> UInt32 {
    try information().prog_id
  }

  /// The corresponding C function is `bpf_obj_get_info_by_fd`.
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
