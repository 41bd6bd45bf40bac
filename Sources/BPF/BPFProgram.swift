private import CLibBPF
private import Glibc
import Linux

/// A program that the kernel has.
public enum BPFProgram {
  /// The identifiers of the maps it uses, in no order.
  ///
  /// Throws ``BPFError``, `ENOENT` when there is no such program. The corresponding C functions are
  /// `bpf_prog_get_fd_by_id` and `bpf_obj_get_info_by_fd`.
  public static func mapIdentifiers(ofProgram identifier: UInt32) throws(BPFError) -> [UInt32] {
    let subject = "program \(identifier)"
    let file = Descriptor(
      owning: try check("bpf_prog_get_fd_by_id", subject) { bpf_prog_get_fd_by_id(identifier) })
    var maps = [UInt32](repeating: 0, count: limit)
    let descriptor = file.rawValue
    var found = 0
    try check("bpf_obj_get_info_by_fd", subject) {
      unsafe maps.withUnsafeMutableBufferPointer { buffer in
        var information = bpf_prog_info()
        var length = UInt32(MemoryLayout<bpf_prog_info>.size)
        information.nr_map_ids = UInt32(limit)
        information.map_ids = UInt64(UInt(bitPattern: buffer.baseAddress))
        let result = unsafe bpf_obj_get_info_by_fd(descriptor, &information, &length)
        found = Int(information.nr_map_ids)
        return result
      }
    }
    return Array(maps.prefix(found))
  }

  /// What a program of the kernel may use at most.
  private static let limit = 64
}
