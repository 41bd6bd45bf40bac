private import BPF
import CShortcut
private import Glibc
import Linux

/// What a ``LiveTest`` puts where it would outlive it: two allowlist entries, perhaps a cgroup.
public struct Remains: Sendable {
  let pins: PinDirectory
  /// Of the client's and the server's network namespace.
  let cookies: (client: UInt64, server: UInt64)
  /// The path of its cgroup, if it needs one of its own.
  let cgroup: String?

  static let cgroupPrefix = "shortcut-doctor."
  /// What a guardian says when it is ready.
  public static let greeting = "ready"

  enum Side {
    case client, server
  }

  init(pins: PinDirectory, cookies: (UInt64, UInt64), cgroup: String?) {
    (self.pins, self.cookies, self.cgroup) = (pins, (cookies.0, cookies.1), cgroup)
  }

  /// Reads what a guardian is given; nil when it is something else.
  public init?(pins: PinDirectory, _ arguments: [String]) {
    guard (2...3).contains(arguments.count), let client = UInt64(arguments[0]),
      let server = UInt64(arguments[1])
    else { return nil }
    self.init(
      pins: pins, cookies: (client, server), cgroup: arguments.count == 3 ? arguments[2] : nil)
  }

  var arguments: [String] {
    ["\(cookies.client)", "\(cookies.server)"] + [cgroup].compactMap { $0 }
  }

  /// Who owns the entries: no attachment's key has this hash.
  private static let owner: UInt64 = 0x7368_6f72_7463_7574

  private func key(_ side: Side) -> shortcut_allow_key {
    let (cookie, bytes) =
      side == .client
      ? (cookies.client, Cable.clientAddress) : (cookies.server, Cable.serverAddress)
    return shortcut_allow_key(netns_cookie: cookie, address: Address(mapping: bytes).layout)
  }

  /// Lets both ends take part. Blocking sockets too: of others something would have to be learned
  /// first.
  func allow(_ sides: Side...) throws(DatapathError) {
    let value = shortcut_allow_value(
      flags: SHORTCUT_ALLOW_BLOCKING.rawValue, domain: 0, owner: Self.owner)
    try datapath { () throws(BPFError) in
      let allowlist = try Self.allowlist(pins)
      for side in sides { try allowlist.update(key(side), to: value) }
    }
  }

  /// Removes them all; what is not there is fine. No epoch is moved: no other connection has these.
  ///
  /// Throws ``DatapathError``.
  public func remove() throws(DatapathError) {
    if exists(pins.path(of: .allowlist)) {
      try datapath { () throws(BPFError) in
        let allowlist = try Self.allowlist(pins)
        for side in [Side.client, .server] { try allowlist.removeValue(for: key(side)) }
      }
    }
    guard let cgroup else { return }
    // It is busy until the last of its processes is gone.
    for _ in 0..<100 where exists(cgroup) {
      if (try? ControlGroup(path: cgroup).remove()) == nil { sleepMilliseconds(50) }
    }
  }

  /// Removes what tests left that were ended together with their guardians.
  static func removeAll(_ pins: PinDirectory, below cgroup: ControlGroup) throws(DatapathError) {
    try datapath { () throws(BPFError) in
      let allowlist = try allowlist(pins)
      for (key, _) in try allowlist.entries(where: { $1.owner == owner }) {
        try allowlist.removeValue(for: key)
      }
    }
    for name in (try? names(in: cgroup.path)) ?? [] where name.hasPrefix(cgroupPrefix) {
      try? ControlGroup(path: "\(cgroup.path)/\(name)").remove()
    }
  }

  private static func allowlist(
    _ pins: PinDirectory
  ) throws(BPFError) -> BPFMap<shortcut_allow_key, shortcut_allow_value> {
    try BPFMap(pinnedAt: pins.path(of: .allowlist))
  }
}
