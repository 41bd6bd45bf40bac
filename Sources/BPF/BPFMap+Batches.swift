private import CLibBPF
private import Glibc
private import Linux

extension BPFMap {
  /// A batch is as large as what malloc has ready at hand.
  private static var batch: Int {
    max(1, 65536 / (MemoryLayout<Key>.stride + MemoryLayout<Value>.stride))
  }

  /// The entries that suit, of a hash map. Those that come or go meanwhile may be missed or seen.
  ///
  /// The corresponding C function is `bpf_map_lookup_batch`.
  public borrowing func entries(
    where suits: (Key, Value) -> Bool = { _, _ in true }
  ) throws(BPFError) -> [(key: Key, value: Value)] {
    let (file, count) = (descriptor.rawValue, Self.batch)
    var found: [(key: Key, value: Value)] = []
    let result = unsafe withUnsafeTemporaryAllocation(of: Key.self, capacity: count) { keys in
      unsafe withUnsafeTemporaryAllocation(of: Value.self, capacity: count) { values in
        unsafe Self.lookUp(file, keys, values) { key, value in
          if suits(key, value) { found.append((key, value)) }
        }
      }
    }
    try check("bpf_map_lookup_batch", name) { result }
    return found
  }

  /// Calls `body` with each entry of a map; returns 0 or a negative errno.
  private static func lookUp(
    _ file: CInt, _ keys: UnsafeMutableBufferPointer<Key>,
    _ values: UnsafeMutableBufferPointer<Value>, _ body: (Key, Value) -> Void
  ) -> CInt {
    // Which bucket the kernel comes to next.
    var (place, isFirst): (UInt32, Bool) = (0, true)
    while true {
      var count = UInt32(keys.count)
      let result = unsafe withUnsafeMutablePointer(to: &place) { place in
        unsafe bpf_map_lookup_batch(
          file, isFirst ? nil : place, place, keys.baseAddress, values.baseAddress, &count, nil)
      }
      guard result == 0 || result == -ENOENT else { return result }
      for index in 0..<Int(count) { unsafe body(keys[index], values[index]) }
      guard result == 0 else { return 0 }
      isFirst = false
    }
  }
}
