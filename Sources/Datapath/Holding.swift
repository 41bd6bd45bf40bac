private import BPF
private import Glibc
private import Linux

/// Everything that is pinned, kept open: it lives on though its pins are deleted, or the file system
/// that they are in is unmounted.
public final class Holding {
  /// What has become of the pins.
  public enum Condition: Sendable, Hashable {
    /// They are as they were.
    case intact
    /// These are gone, and the programs are attached.
    case lost([String])
    /// The programs were detached, by `unload` or with their cgroup.
    case detached
    /// Something else is pinned there.
    case replaced
  }

  /// What the kernel calls the link that is held.
  public let linkIdentifier: UInt32
  private let pins: PinDirectory
  private let anchor: Anchor
  private let maps: [(name: MapName, map: HeldMap)]

  /// Opens the pins. Throws ``DatapathError``: `ENOENT` when one is missing, `ENOLINK` when nothing
  /// is attached, `EPROTO` when another release is.
  public init(_ pins: PinDirectory) throws(DatapathError) {
    // Locals first: a noncopyable value whose initializer throws must not be half-made.
    let anchor = try datapath { () throws(BPFError) in Anchor(try BPFLink(pinnedAt: pins.link)) }
    try Release.requireOwn(in: pins, to: "hold")
    guard try anchor.controlGroupIdentifier() != 0 else {
      throw DatapathError(operation: "hold", subject: pins.link, code: ENOLINK)
    }
    var maps: [(name: MapName, map: HeldMap)] = []
    for name in MapName.allCases {
      maps.append((name, try HeldMap(path: pins.path(of: name))))
    }
    linkIdentifier = try datapath { () throws(BPFError) in try anchor.link.identifier() }
    (self.pins, self.maps) = (pins, maps)
    self.anchor = anchor
  }

  /// Looks at the pins. Throws ``DatapathError``.
  public func condition() throws(DatapathError) -> Condition {
    guard try anchor.controlGroupIdentifier() != 0 else { return .detached }
    if let pinned = try Anchor.pinned(pins),
      try datapath({ () throws(BPFError) in try pinned.link.identifier() }) != linkIdentifier
    {
      return .replaced
    }
    let missing = paths.filter { !exists($0.path) }.map(\.name)
    return missing.isEmpty ? .intact : .lost(missing)
  }

  /// Pins again what is lost. Returns the names.
  ///
  /// Throws ``DatapathError``, `ENOTSUP` while no BPF file system is where it was.
  public func restore() throws(DatapathError) -> [String] {
    guard BPFFileSystem.contains(pins.parent) else {
      throw DatapathError(
        operation: "pin", subject: "\(pins.parent), no BPF file system", code: ENOTSUP)
    }
    let lock = try pins.lockParent()
    defer { withExtendedLifetime(lock) {} }
    // Who unloads has the lock, too.
    guard case .lost(let missing) = try condition() else { return [] }
    try system { () throws(LinuxError) in try makeDirectory(pins.path) }
    // The link last: without it nothing counts as loaded.
    for (name, map) in maps where missing.contains(name.rawValue) {
      try map.pin(at: pins.path(of: name))
    }
    if missing.contains("link") {
      try datapath { () throws(BPFError) in try anchor.link.pin(at: pins.link) }
    }
    return missing
  }

  /// Takes the programs off the node, because others have their place. Throws ``DatapathError``.
  public func retire() throws(DatapathError) {
    try anchor.drainAndDetach()
  }

  private var paths: [(name: String, path: String)] {
    maps.map { ($0.name.rawValue, pins.path(of: $0.name)) } + [("link", pins.link)]
  }
}

/// Lets an array keep open maps.
private final class HeldMap {
  private let map: BPFAnyMap

  init(path: String) throws(DatapathError) {
    map = try datapath { () throws(BPFError) in try BPFAnyMap(pinnedAt: path) }
  }

  func pin(at path: String) throws(DatapathError) {
    try datapath { () throws(BPFError) in try map.pin(at: path) }
  }
}
