private import BPF
import CShortcut
public import Linux

/// What is on the node now.
public struct Status: Sendable {
  /// The datapath is loaded and attached.
  public var isLoaded: Bool
  /// The cgroup whose sockets it sees; nil when nothing is attached or the cgroup is gone.
  public var cgroup: ControlGroup?
  /// Registered attachments that may use the shortcut.
  public var pods: Int
  /// What keeps the whole node off the shortcut.
  public var suspensions: Set<Suspension> = []
  /// What was counted since the load.
  public var counters: Counters

  /// Reads the pins. Throws ``DatapathError``; that nothing is loaded is not an error.
  public init(_ pins: PinDirectory) throws(DatapathError) {
    guard exists(pins.link) else {
      self.init(isLoaded: false, cgroup: nil, pods: 0, counters: Counters())
      return
    }
    let identifier = try datapath { () throws(BPFError) in
      try BPFLink(pinnedAt: pins.link).controlGroupIdentifier()
    }
    let counters = try datapath { () throws(BPFError) in
      let map = try BPFMap<UInt32, shortcut_counters>(pinnedAt: pins.path(of: .counters))
      return Counters(try map.valuesPerCPU(for: 0))
    }
    let pods = try Registry(pins).all().count { !$0.value.isDisabled }
    self.init(
      isLoaded: true, cgroup: ControlGroup(identifier: identifier), pods: pods, counters: counters)
    suspensions = try NodeSwitch(pins).suspensions()
  }

  private init(isLoaded: Bool, cgroup: ControlGroup?, pods: Int, counters: Counters) {
    self.isLoaded = isLoaded
    self.cgroup = cgroup
    self.pods = pods
    self.counters = counters
  }
}
