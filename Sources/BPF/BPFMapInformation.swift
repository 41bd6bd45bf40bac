private import CLibBPF

/// What the kernel says of a map. The corresponding C function is `bpf_obj_get_info_by_fd`.
struct BPFMapInformation {
  let identifier: UInt32
  let name: String
  let capacity: Int
  /// `enum bpf_map_type`
  let type: UInt32
  let valueSize: Int
  private let keySize: Int

  init(descriptor: CInt, subject: String) throws(BPFError) {
    var information = bpf_map_info()
    var length = UInt32(MemoryLayout<bpf_map_info>.size)
    try check("bpf_obj_get_info_by_fd", subject) {
      unsafe bpf_obj_get_info_by_fd(descriptor, &information, &length)
    }
    identifier = information.id
    name = text(of: information.name)
    capacity = Int(information.max_entries)
    type = information.type
    keySize = Int(information.key_size)
    valueSize = Int(information.value_size)
  }

  var isArray: Bool { type == BPF_MAP_TYPE_ARRAY.rawValue }

  func hasLayout(key: Int, value: Int) -> Bool {
    keySize == key && valueSize == value
  }
}
