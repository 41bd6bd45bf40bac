import BPF
import CShortcut
import Linux

/// One loaded copy of the programs with its maps.
struct Instance: ~Copyable {
  private let object: BPFObject
  /// Which message program the kernel accepted.
  let access: PeerAccess

  /// Loads the programs. With a pin directory the maps found there are taken over, others are
  /// pinned there; without one they vanish with this value. Without `access` the kernel's best way
  /// to read peers is taken.
  ///
  /// Throws ``DatapathError``, `EINVAL` when a pinned map has another layout or size.
  init(
    image: ProgramImage, limits: Limits, pins: PinDirectory?, access: PeerAccess? = nil
  ) throws(DatapathError) {
    if access != .probe,
      let object = try? Self.load(image, limits: limits, pins: pins, access: .cast)
    {
      self.object = object
      self.access = .cast
    } else {
      object = try Self.load(image, limits: limits, pins: pins, access: .probe)
      self.access = .probe
    }
  }

  private static func load(
    _ image: ProgramImage, limits: Limits, pins: PinDirectory?, access: PeerAccess
  ) throws(DatapathError) -> BPFObject {
    try datapath { () throws(BPFError) in
      let object = try BPFObject(
        words: image.words, byteCount: image.byteCount, name: "shortcut")
      for (map, entries) in limits.capacities {
        try object.setCapacity(entries, ofMap: map.rawValue)
      }
      for other in PeerAccess.allCases {
        try object.setAutoload(other == access, ofProgram: other.program)
      }
      for map in MapName.allCases {
        guard let pins else { break }
        try object.setPin(pins.path(of: map), ofMap: map.rawValue)
      }
      try object.load()
      return object
    }
  }

  /// Writes the settings; from then on the programs may run.
  borrowing func configure(_ control: shortcut_control) throws(DatapathError) {
    try datapath { () throws(BPFError) in
      let map = try object.map(
        MapName.control.rawValue, key: UInt32.self, value: shortcut_control.self)
      try map.update(0, to: control)
    }
  }

  /// Lets the programs see the sockets of a cgroup and everything below it.
  borrowing func attach(to cgroup: ControlGroup) throws(DatapathError) -> BPFLink {
    try datapath { () throws(BPFError) in
      try object.attach(messageProgram: access.program, toMap: MapName.sockhash.rawValue)
      return try object.attach(socketOperations: "shortcut_sockops", to: cgroup)
    }
  }

  /// Takes the place of the programs that a link attaches, for every socket that is not in the
  /// sockhash yet.
  borrowing func replace(_ link: borrowing BPFLink) throws(DatapathError) {
    try datapath { () throws(BPFError) in
      try object.attach(messageProgram: access.program, toMap: MapName.sockhash.rawValue)
      try object.replaceProgram(of: link, with: "shortcut_sockops")
    }
  }

  /// Adds an allowlist entry without an attachment. It takes all sockets: a listener of which
  /// nothing is known yet would keep the first connection plain.
  borrowing func allow(_ address: Address, inNetns cookie: UInt64) throws(DatapathError) {
    try datapath { () throws(BPFError) in
      let map = try object.map(
        MapName.allowlist.rawValue, key: shortcut_allow_key.self,
        value: shortcut_allow_value.self)
      let key = shortcut_allow_key(netns_cookie: cookie, address: address.layout)
      var value = shortcut_allow_value()
      value.flags = SHORTCUT_ALLOW_BLOCKING.rawValue
      try map.update(key, to: value)
    }
  }

  /// Marks sockets that listen already: programs that listen later are seen when they do.
  borrowing func keepPlain(listeners inodes: [UInt64]) throws(DatapathError) {
    try datapath { () throws(BPFError) in
      let map = try object.map(
        MapName.listeners.rawValue, key: UInt64.self, value: shortcut_listener.self)
      var mark = shortcut_listener()
      mark.accepted = SHORTCUT_ACCEPTED_SPLICED.rawValue
      for inode in inodes { try map.update(inode, to: mark) }
    }
  }

  /// What was counted so far.
  borrowing func counters() throws(DatapathError) -> Counters {
    try datapath { () throws(BPFError) in
      let map = try object.map(
        MapName.counters.rawValue, key: UInt32.self, value: shortcut_counters.self)
      return Counters(try map.valuesPerCPU(for: 0))
    }
  }
}
