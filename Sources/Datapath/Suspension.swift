import CShortcut

/// Who keeps a pod or the node off the shortcut; the two do not undo each other.
public enum Suspension: Sendable, Hashable, CaseIterable {
  /// A person, until it is resumed.
  case paused
  /// The agent, while traffic is shaped or mirrored.
  case held

  /// In an entry of the allowlist.
  var allowance: UInt32 {
    switch self {
    case .paused: SHORTCUT_ALLOW_PAUSED.rawValue
    case .held: SHORTCUT_ALLOW_HELD.rawValue
    }
  }

  /// In the mode of the whole datapath.
  var mode: UInt32 {
    switch self {
    case .paused: SHORTCUT_MODE_PAUSED.rawValue
    case .held: SHORTCUT_MODE_HELD.rawValue
    }
  }
}
