private import BPF
import CShortcut
private import Glibc

/// The first two fields of the settings, which every release has in these places: which release's
/// maps they are, and what keeps the node off the shortcut.
struct Release: ~Copyable {
  private let settings: BPFAnyMap

  /// Nil where no settings are pinned. Throws ``DatapathError``.
  init?(_ pins: PinDirectory) throws(DatapathError) {
    guard let settings = try pins.map(.control) else { return nil }
    self.settings = settings
  }

  /// The settings of an attached datapath; nil when it has none.
  init?(of anchor: borrowing Anchor) throws(DatapathError) {
    guard let identifier = try anchor.maps()[.control] else { return nil }
    settings = try datapath { () throws(BPFError) in try BPFAnyMap(identifier: identifier) }
  }

  /// Which layout the maps have; 0 while they are being loaded.
  borrowing func version() throws(DatapathError) -> UInt32 {
    try word(at: MemoryLayout<shortcut_control>.offset(of: \.abi_version) ?? 0)
  }

  /// The other release's layout, or nil if it is this one's.
  borrowing func otherVersion() throws(DatapathError) -> UInt32? {
    let version = try version()
    return version == 0 || version == UInt32(SHORTCUT_ABI_VERSION) ? nil : version
  }

  /// Throws ``DatapathError``, `EPROTO` when another release's maps are there.
  static func requireOwn(in pins: PinDirectory, to operation: String) throws(DatapathError) {
    guard let version = try Release(pins)?.otherVersion() else { return }
    throw DatapathError(
      operation: operation, subject: "\(pins.path), another release's (layout \(version))",
      code: EPROTO)
  }

  /// Bits of `enum shortcut_mode`.
  borrowing func mode() throws(DatapathError) -> UInt32 {
    try word(at: MemoryLayout<shortcut_control>.offset(of: \.mode) ?? 4)
  }

  /// Adds bits of `enum shortcut_mode`; live connections follow with their next message.
  borrowing func addMode(_ bits: UInt32) throws(DatapathError) {
    let place = MemoryLayout<shortcut_control>.offset(of: \.mode) ?? 4
    let mode = try word(at: place) | bits
    try datapath { () throws(BPFError) in
      guard var bytes = try settings.element(0), bytes.count >= place + 4 else { return }
      for index in 0..<4 { bytes[place + index] = BPF.bytes(of: mode)[index] }
      try settings.setElement(0, to: bytes)
    }
  }

  private borrowing func word(at place: Int) throws(DatapathError) -> UInt32 {
    let bytes = try datapath { () throws(BPFError) in try settings.element(0) ?? [] }
    guard bytes.count >= place + 4 else { return 0 }
    // The order of the machine, as the kernel wrote it.
    var word: UInt32 = 0
    _ = fill(&word, with: Array(bytes[place..<place + 4]))
    return word
  }
}
