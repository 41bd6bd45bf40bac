import BPF
import CShortcut
private import Glibc

/// The link by which the programs are attached, and from there everything that they use, though
/// nothing of it be pinned any more.
struct Anchor: ~Copyable {
  let link: BPFLink

  init(_ link: consuming BPFLink) {
    self.link = link
  }

  /// The pinned one, or else the one whose program uses a map that is pinned; nil when there is none.
  ///
  /// Throws ``DatapathError``.
  static func find(_ pins: PinDirectory) throws(DatapathError) -> Anchor? {
    if let pinned = try pinned(pins) { return pinned }
    let maps = Set(try pins.identifiers().values)
    guard !maps.isEmpty else { return nil }
    return try datapath { () throws(BPFError) in
      for identifier in try BPFLink.identifiers() {
        if let found = try using(maps, identifier) { return found }
      }
      return nil
    }
  }

  /// The pinned one; nil when there is none.
  static func pinned(_ pins: PinDirectory) throws(DatapathError) -> Anchor? {
    do throws(BPFError) {
      return Anchor(try BPFLink(pinnedAt: pins.link))
    } catch {
      guard error.code == ENOENT || error.code == ENOTDIR else { throw DatapathError(error) }
      return nil
    }
  }

  /// Links come and go meanwhile: what is gone is none of ours.
  private static func using(
    _ maps: Set<UInt32>, _ identifier: UInt32
  ) throws(BPFError) -> Anchor? {
    do throws(BPFError) {
      let link = try BPFLink(identifier: identifier)
      guard try link.isOfSocketOperations() else { return nil }
      let used = try BPFProgram.mapIdentifiers(ofProgram: try link.programIdentifier())
      return maps.isDisjoint(with: used) ? nil : Anchor(link)
    } catch {
      guard error.code == ENOENT else { throw error }
      return nil
    }
  }

  /// The cgroup's identifier, 0 when nothing is attached by it any more. Throws ``DatapathError``.
  borrowing func controlGroupIdentifier() throws(DatapathError) -> UInt64 {
    try datapath { () throws(BPFError) in try link.controlGroupIdentifier() }
  }

  /// The maps that its programs use, by their names. Throws ``DatapathError``.
  borrowing func maps() throws(DatapathError) -> [MapName: UInt32] {
    try datapath { () throws(BPFError) in
      var found = try Self.maps(ofProgram: try link.programIdentifier())
      if let sockhash = found[.sockhash],
        let messages = try BPFAnyMap(identifier: sockhash).messageProgramIdentifier()
      {
        found.merge(try Self.maps(ofProgram: messages)) { first, _ in first }
      }
      return found
    }
  }

  private static func maps(ofProgram identifier: UInt32) throws(BPFError) -> [MapName: UInt32] {
    var found: [MapName: UInt32] = [:]
    for identifier in try BPFProgram.mapIdentifiers(ofProgram: identifier) {
      guard let name = MapName(rawValue: try BPFAnyMap(identifier: identifier).name) else {
        continue
      }
      found[name] = identifier
    }
    return found
  }
}

extension PinDirectory {
  /// What the kernel calls the maps that are pinned. Throws ``DatapathError``.
  func identifiers() throws(DatapathError) -> [MapName: UInt32] {
    var found: [MapName: UInt32] = [:]
    for name in MapName.allCases {
      found[name] = try map(name)?.identifier
    }
    return found
  }

  /// A pinned map, or nil.
  func map(_ name: MapName) throws(DatapathError) -> BPFAnyMap? {
    do throws(BPFError) {
      return try BPFAnyMap(pinnedAt: path(of: name))
    } catch {
      guard error.code == ENOENT || error.code == ENOTDIR else { throw DatapathError(error) }
      return nil
    }
  }
}
