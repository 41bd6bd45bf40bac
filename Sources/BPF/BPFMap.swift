private import CLibBPF
private import Glibc
import Linux

/// A hash or array map with keys and values of one layout.
///
/// Every operation throws ``BPFError`` with the errno of bpf(2); a miss is not an error.
public struct BPFMap<Key: BitwiseCopyable, Value: BitwiseCopyable>: ~Copyable {
  let descriptor: Descriptor
  /// The map's name or path, for messages.
  public let name: String

  /// Opens a pinned map. Throws `EPROTO` when its key or value has another size.
  ///
  /// The corresponding C function is `bpf_obj_get`.
  public init(pinnedAt path: String) throws(BPFError) {
    let file = try check("bpf_obj_get", path) { unsafe bpf_obj_get(path) }
    try self.init(owning: Descriptor(owning: file), name: path)
  }

  init(owning descriptor: consuming Descriptor, name: String) throws(BPFError) {
    let information = try BPFMapInformation(descriptor: descriptor.rawValue, subject: name)
    guard information.hasLayout(key: MemoryLayout<Key>.size, value: MemoryLayout<Value>.size) else {
      throw BPFError(operation: "open map", subject: name, code: EPROTO)
    }
    self.descriptor = descriptor
    self.name = name
  }

  /// How many entries the map was made for.
  public borrowing func capacity() throws(BPFError) -> Int {
    try BPFMapInformation(descriptor: descriptor.rawValue, subject: name).capacity
  }

  /// The kernel's number for the map.
  public borrowing func identifier() throws(BPFError) -> UInt32 {
    try BPFMapInformation(descriptor: descriptor.rawValue, subject: name).identifier
  }

  /// The value of a key, or nil. The corresponding C function is `bpf_map_lookup_elem`.
  public borrowing func value(for key: Key) throws(BPFError) -> Value? {
    let file = descriptor.rawValue
    let (result, value) = unsafe withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) {
      buffer -> (CInt, Value?) in
      var key = key
      let result = unsafe bpf_map_lookup_elem(file, &key, buffer.baseAddress)
      return (result, result == 0 ? unsafe buffer[0] : nil)
    }
    guard result != -ENOENT else { return nil }
    try check("bpf_map_lookup_elem", name) { result }
    return value
  }

  /// Whether a new entry must, may or must not exist before.
  public enum Condition: UInt64, Sendable {
    /// `BPF_ANY`
    case none = 0
    /// `BPF_NOEXIST`; throws `EEXIST`
    case absent = 1
    /// `BPF_EXIST`; throws `ENOENT`
    case present = 2
  }

  /// Writes an entry. The corresponding C function is `bpf_map_update_elem`.
  public borrowing func update(
    _ key: Key, to value: Value, when condition: Condition = .none
  ) throws(BPFError) {
    let file = descriptor.rawValue
    var (key, value) = (key, value)
    try check("bpf_map_update_elem", name) {
      unsafe bpf_map_update_elem(file, &key, &value, condition.rawValue)
    }
  }

  /// Writes an entry unless there is one. Returns whether there was none.
  public borrowing func insert(_ key: Key, _ value: Value) throws(BPFError) -> Bool {
    do throws(BPFError) {
      try update(key, to: value, when: .absent)
      return true
    } catch {
      guard error.code == EEXIST else { throw error }
      return false
    }
  }

  /// Removes an entry. Returns whether there was one. The C function is `bpf_map_delete_elem`.
  @discardableResult
  public borrowing func removeValue(for key: Key) throws(BPFError) -> Bool {
    let file = descriptor.rawValue
    var key = key
    let result = unsafe bpf_map_delete_elem(file, &key)
    guard result != -ENOENT else { return false }
    try check("bpf_map_delete_elem", name) { result }
    return true
  }

  /// All keys. Entries that come or go meanwhile may be missed or seen.
  ///
  /// Stops at the map's capacity: when the key it stands on is deleted, the kernel starts again at
  /// the front. The corresponding C function is `bpf_map_get_next_key`.
  public borrowing func keys() throws(BPFError) -> [Key] {
    let limit = try capacity()
    var keys: [Key] = []
    while keys.count < limit, let key = try key(after: keys.last) {
      keys.append(key)
    }
    return keys
  }

  private borrowing func key(after previous: Key?) throws(BPFError) -> Key? {
    let file = descriptor.rawValue
    let (result, next) = unsafe withUnsafeTemporaryAllocation(of: Key.self, capacity: 1) {
      buffer -> (CInt, Key?) in
      let result: CInt
      if var previous {
        result = unsafe bpf_map_get_next_key(file, &previous, buffer.baseAddress)
      } else {
        result = unsafe bpf_map_get_next_key(file, nil, buffer.baseAddress)
      }
      return (result, result == 0 ? unsafe buffer[0] : nil)
    }
    guard result != -ENOENT else { return nil }
    try check("bpf_map_get_next_key", name) { result }
    return next
  }

  /// One value for each possible CPU of a per-CPU map, or an empty array.
  public borrowing func valuesPerCPU(for key: Key) throws(BPFError) -> [Value] {
    let processors = Int(try check("libbpf_num_possible_cpus", name) { libbpf_num_possible_cpus() })
    // The kernel pads each CPU's value to eight bytes.
    let stride = (MemoryLayout<Value>.size + 7) / 8 * 8
    var storage = [UInt8](repeating: 0, count: stride * processors)
    let file = descriptor.rawValue
    var key = key
    let result = unsafe storage.withUnsafeMutableBytes { buffer in
      unsafe bpf_map_lookup_elem(file, &key, buffer.baseAddress)
    }
    guard result != -ENOENT else { return [] }
    try check("bpf_map_lookup_elem", name) { result }
    return unsafe storage.withUnsafeBytes { buffer in
      (0..<processors).map {
        unsafe buffer.loadUnaligned(fromByteOffset: $0 * stride, as: Value.self)
      }
    }
  }
}
