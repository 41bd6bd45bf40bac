private import BPF
import CShortcut
private import Linux

/// Keeps a whole node off the shortcut.
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
    let lock = try pins.lock()
    defer { withExtendedLifetime(lock) {} }
    return try datapath { () throws(BPFError) in
      guard var settings = try control.value(for: 0) else { return false }
      let before = settings.mode
      settings.mode = isSet ? before | suspension.mode : before & ~suspension.mode
      guard settings.mode != before else { return false }
      try control.update(0, to: settings)
      return true
    }
  }
}
