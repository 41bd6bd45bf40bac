private import BPF
import CShortcut
public import Linux

/// What is on the node now.
public struct Status: Sendable {
  /// How the datapath is.
  public enum State: Sendable, Hashable {
    /// Nothing is pinned.
    case absent
    /// It is attached, and every pin is there.
    case loaded
    /// Its maps are pinned, and nothing is attached.
    case detached
    /// It is attached, and these pins are missing.
    case damaged([String])
    /// Another release's, of this layout, which only `unload` understands.
    case otherRelease(UInt32)
  }

  /// How the datapath is.
  public var state: State
  /// The cgroup whose sockets it sees; nil when nothing is attached or the cgroup is gone.
  public var cgroup: ControlGroup?
  /// Registered attachments that may use the shortcut.
  public var pods = 0
  /// What keeps the whole node off the shortcut.
  public var suspensions: Set<Suspension> = []
  /// What was counted since the load.
  public var counters = Counters()

  /// The datapath is loaded and attached, and the CNI plugin can register pods.
  public var isLoaded: Bool { state == .loaded }

  /// Reads the pins. Throws ``DatapathError``; none of its states is an error.
  public init(_ pins: PinDirectory) throws(DatapathError) {
    let anchor = try Anchor.find(pins)
    let identifier = try anchor?.controlGroupIdentifier() ?? 0
    state = try State(pins, isAttached: identifier != 0)
    if identifier != 0 { cgroup = ControlGroup(identifier: identifier) }
    if case .otherRelease = state { return }
    if exists(pins.path(of: .counters)) {
      counters = try datapath { () throws(BPFError) in
        let map = try BPFMap<UInt32, shortcut_counters>(pinnedAt: pins.path(of: .counters))
        return Counters(try map.valuesPerCPU(for: 0))
      }
    }
    if Registry.maps.allSatisfy({ exists(pins.path(of: $0)) }) {
      pods = try Registry(pins).all().count { !$0.value.isDisabled }
    }
    if exists(pins.path(of: .control)) { suspensions = try NodeSwitch(pins).suspensions() }
  }
}

extension Status.State {
  fileprivate init(_ pins: PinDirectory, isAttached: Bool) throws(DatapathError) {
    let names = MapName.allCases.map { ($0.rawValue, pins.path(of: $0)) } + [("link", pins.link)]
    let missing = names.filter { !exists($0.1) }.map(\.0)
    if let version = try Release(pins)?.otherVersion() {
      self = .otherRelease(version)
    } else if missing.count == names.count {
      self = .absent
    } else if !isAttached {
      self = .detached
    } else {
      self = missing.isEmpty ? .loaded : .damaged(missing)
    }
  }
}
