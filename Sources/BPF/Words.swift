/// The 64-bit words of a fixed-size C array, as they lie in memory.
public func words<Field: BitwiseCopyable>(of field: Field) -> [UInt64] {
  unsafe withUnsafeBytes(of: field) { buffer in
    unsafe Array(buffer.bindMemory(to: UInt64.self))
  }
}
