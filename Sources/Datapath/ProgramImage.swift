/// A compiled BPF object, embedded in the executables that load it.
public struct ProgramImage: Sendable {
  /// The ELF file in little-endian words, 8-byte aligned as libbpf wants it.
  public let words: [UInt64]
  /// The ELF file's length; the last word is padded with zeros.
  public let byteCount: Int

  /// Wraps an ELF file.
  public init(byteCount: Int, words: [UInt64]) {
    self.byteCount = byteCount
    self.words = words
  }

  /// Tells builds apart: FNV-1a, 64 bits, of the file's bytes, folded to 32; never 0.
  var digest: UInt32 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in 0..<byteCount {
      let byte = words[index / 8] >> UInt64(index % 8 * 8) & 0xff
      hash = (hash ^ byte) &* 0x100_0000_01b3
    }
    return max(UInt32(truncatingIfNeeded: hash ^ hash >> 32), 1)
  }
}
