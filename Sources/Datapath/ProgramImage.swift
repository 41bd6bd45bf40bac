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
}
