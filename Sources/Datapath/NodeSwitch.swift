private import BPF
import CShortcut
private import Linux

/// What is switched for a whole node while the datapath is loaded.
public struct NodeSwitch: ~Copyable {
  private let control: BPFMap<UInt32, shortcut_control>
  private let pins: PinDirectory

  /// Opens the pins. Throws ``DatapathError``: `ENOENT` when nothing is loaded there, `EPROTO`
  /// when another release of the datapath is.
  public init(_ directory: PinDirectory) throws(DatapathError) {
    let control = try datapath { () throws(BPFError) in
      try BPFMap<UInt32, shortcut_control>(pinnedAt: directory.path(of: .control))
    }
    self.control = control
    pins = directory
  }

  /// What keeps the node off the shortcut now. Throws ``DatapathError``.
  public borrowing func suspensions() throws(DatapathError) -> Set<Suspension> {
    let mode = try datapath { () throws(BPFError) in try control.value(for: 0)?.mode ?? 0 }
    return Set(Suspension.allCases.filter { mode & $0.mode != 0 })
  }

  /// Sets or clears one reason; returns whether that changed anything. Throws ``DatapathError``.
  @discardableResult
  public borrowing func set(
    _ suspension: Suspension, to isSet: Bool
  ) throws(DatapathError) -> Bool {
    try change(\.mode) { isSet ? $0 | suspension.mode : $0 & ~suspension.mode }
  }

  /// States whether the kernel has TLS of its own; returns whether that is new.
  ///
  /// What shakes hands for TLS from now on goes by it. Throws ``DatapathError``.
  @discardableResult
  public borrowing func note(kernelTLS isPresent: Bool) throws(DatapathError) -> Bool {
    try change(\.kernel_tls) { _ in isPresent ? 1 : 0 }
  }

  private borrowing func change(
    _ word: WritableKeyPath<shortcut_control, UInt32>, _ transform: (UInt32) -> UInt32
  ) throws(DatapathError) -> Bool {
    let lock = try pins.lock()
    defer { withExtendedLifetime(lock) {} }
    return try datapath { () throws(BPFError) in
      guard var settings = try control.value(for: 0) else { return false }
      let before = settings[keyPath: word]
      settings[keyPath: word] = transform(before)
      guard settings[keyPath: word] != before else { return false }
      try control.update(0, to: settings)
      return true
    }
  }
}
