private import BPF
private import CShortcut
private import Glibc
private import Linux

/// What of other makers is on the node that has to do with TCP sockets and BPF.
public struct Neighbours: Sendable {
  /// A program or a map.
  public struct Item: Sendable, Hashable {
    /// The kernel's number for it, as bpftool takes it.
    public let identifier: UInt32
    /// At most 15 bytes, chosen by its maker.
    public let name: String
  }

  /// sock_ops programs that run for the same sockets as ours: they share one set of callbacks.
  public let socketOperations: [Item]
  /// Other sock_ops programs that are loaded.
  public let idleSocketOperations: [Item]
  /// Sockmaps and sockhashes: a socket can be in one alone.
  public let socketMaps: [Item]
  /// Programs of the BPF LSM, which may forbid anything.
  public let securityModules: [Item]

  /// Looks around. Throws ``DatapathError``; that nothing of ours is loaded is not an error.
  public init(_ pins: PinDirectory) throws(DatapathError) {
    let cgroup = try Self.controlGroup(pins)
    (socketOperations, idleSocketOperations, socketMaps, securityModules) =
      try datapath { () throws(BPFError) in
        let isLoaded = exists(pins.link)
        let own = isLoaded ? try BPFLink(pinnedAt: pins.link).programIdentifier() : nil
        let active = Set(try cgroup.map(BPFInventory.socketOperations) ?? [])
        let others = try BPFInventory.programs(of: .socketOperations)
          .filter { $0.identifier != own }
        let map =
          isLoaded
          ? try BPFMap<UInt64, UInt64>(pinnedAt: pins.path(of: .sockhash)).identifier() : nil
        return (
          others.filter { active.contains($0.identifier) }.map(Item.init),
          others.filter { !active.contains($0.identifier) }.map(Item.init),
          try BPFInventory.socketMaps().filter { $0.identifier != map }.map(Item.init),
          try BPFInventory.programs(of: .securityModule).map(Item.init)
        )
      }
  }

  /// Of what is loaded, or would be.
  private static func controlGroup(_ pins: PinDirectory) throws(DatapathError) -> ControlGroup? {
    guard exists(pins.link) else { return try? ControlGroup.root() }
    let identifier = try datapath { () throws(BPFError) in
      try BPFLink(pinnedAt: pins.link).controlGroupIdentifier()
    }
    return ControlGroup(identifier: identifier)
  }
}

extension Neighbours.Item {
  fileprivate init(_ item: BPFInventory.Item) {
    self.init(identifier: item.identifier, name: item.name)
  }
}
