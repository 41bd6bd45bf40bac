private import CLibBPF
private import Glibc
import Linux

/// A map whatever its layout: one of another release, or one that is only to be held.
///
/// Every operation throws ``BPFError``.
public struct BPFAnyMap: ~Copyable {
  private let descriptor: Descriptor
  private let subject: String
  private let information: BPFMapInformation

  /// Opens a pinned map. The corresponding C function is `bpf_obj_get`.
  public init(pinnedAt path: String) throws(BPFError) {
    let file = try check("bpf_obj_get", path) { unsafe bpf_obj_get(path) }
    try self.init(owning: Descriptor(owning: file), subject: path)
  }

  /// Opens the map of an identifier. The corresponding C function is `bpf_map_get_fd_by_id`.
  public init(identifier: UInt32) throws(BPFError) {
    let subject = "map \(identifier)"
    let file = try check("bpf_map_get_fd_by_id", subject) { bpf_map_get_fd_by_id(identifier) }
    try self.init(owning: Descriptor(owning: file), subject: subject)
  }

  private init(owning descriptor: consuming Descriptor, subject: String) throws(BPFError) {
    information = try BPFMapInformation(descriptor: descriptor.rawValue, subject: subject)
    self.descriptor = descriptor
    self.subject = subject
  }

  /// What the kernel calls it until it ends.
  public var identifier: UInt32 { information.identifier }
  /// Its name in the programs, of which the kernel keeps 15 bytes.
  public var name: String { information.name }
  /// How many entries it was made for.
  public var capacity: Int { information.capacity }

  /// Lets it outlive this process. The corresponding C function is `bpf_obj_pin`.
  public borrowing func pin(at path: String) throws(BPFError) {
    let file = descriptor.rawValue
    try check("bpf_obj_pin", path) { unsafe bpf_obj_pin(file, path) }
  }

  /// The bytes of an element; nil unless it is an array that has one there.
  public borrowing func element(_ index: UInt32) throws(BPFError) -> [UInt8]? {
    guard information.isArray, index < information.capacity else { return nil }
    var bytes = [UInt8](repeating: 0, count: information.valueSize)
    let file = descriptor.rawValue
    var index = index
    try check("bpf_map_lookup_elem", subject) {
      unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe bpf_map_lookup_elem(file, &index, buffer.baseAddress)
      }
    }
    return bytes
  }

  /// Writes an element of an array: as many bytes as ``element(_:)`` has.
  public borrowing func setElement(_ index: UInt32, to bytes: [UInt8]) throws(BPFError) {
    guard information.isArray, bytes.count == information.valueSize else {
      throw BPFError(operation: "bpf_map_update_elem", subject: subject, code: EINVAL)
    }
    let file = descriptor.rawValue
    var index = index
    try check("bpf_map_update_elem", subject) {
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe bpf_map_update_elem(file, &index, buffer.baseAddress, 0)
      }
    }
  }

  /// The identifier of the program that judges what sockets of this sockhash send, or nil.
  ///
  /// Kernels before 5.17 do not tell. The corresponding C function is `bpf_prog_query`.
  public borrowing func messageProgramIdentifier() -> UInt32? {
    let file = descriptor.rawValue
    var (identifier, count): (UInt32, UInt32) = (0, 1)
    let result = unsafe bpf_prog_query(
      file, BPF_SK_MSG_VERDICT, 0, nil, &identifier, &count)
    return result == 0 && count == 1 ? identifier : nil
  }
}
