import CShortcut

/// The sockets of which the datapath keeps something, at one moment.
public struct ConnectionList: Sendable {
  /// Connections whose two ends found each other, oldest first.
  public let connections: [Connection]
  /// Sockets that stay plain, by why: of connections that have only one allowed end, too.
  public let plain: [RefusalReason: Int]

  /// How many connections stand so.
  public func count(_ standing: Connection.Standing) -> Int {
    connections.count { $0.standing == standing }
  }

  /// Puts the ends together. `now` is `CLOCK_MONOTONIC`'s, in nanoseconds.
  init(_ records: [shortcut_connection], names: PodNames, now: UInt64) {
    // An iteration that is interrupted may tell of a socket twice.
    var pairs: [UInt64: Pair] = [:]
    var plain: [RefusalReason: Int] = [:]
    for record in records {
      if let reason = record.plainReason {
        plain[reason, default: 0] += 1
      } else if record.isClient {
        pairs[record.client_cookie, default: Pair()].client = record
      } else {
        pairs[record.client_cookie, default: Pair()].server = record
      }
    }
    connections = pairs.compactMap { $1.connection(names: names, now: now) }
      .sorted { ($1.age, $0.identifier) < ($0.age, $1.identifier) }
    self.plain = plain
  }

  private struct Pair {
    var client: shortcut_connection?
    var server: shortcut_connection?

    func connection(names: PodNames, now: UInt64) -> Connection? {
      let ends = [client, server].compactMap { $0 }
      // A client alone that knows of no peer waits for one, or has none.
      guard let one = ends.first, server != nil || one.isPaired, ends.contains(where: \.isOpen)
      else { return nil }
      let created = ends.map(\.created).min() ?? now
      return Connection(
        identifier: one.client_cookie,
        client: end(client, seenBy: server, names), server: end(server, seenBy: client, names),
        destination: destination, age: now > created ? now - created : 0,
        toServer: direction(from: client, to: server), toClient: direction(from: server, to: client)
      )
    }

    private var destination: String {
      guard let client else { return "" }
      return ConnectionEnd(
        pod: "", address: Address(client.remote), port: client.remote_port, netnsCookie: 0
      ).endpoint
    }

    /// An end whose socket is gone is known by what its peer recorded of it.
    private func end(
      _ own: shortcut_connection?, seenBy other: shortcut_connection?, _ names: PodNames
    ) -> ConnectionEnd {
      let end = own?.own ?? other?.peer ?? shortcut_end()
      let address = Address(end.address)
      return ConnectionEnd(
        pod: names.name(of: address, inNetns: end.netns_cookie), address: address,
        port: own?.local_port ?? other?.remote_port ?? 0, netnsCookie: end.netns_cookie)
    }

    private func direction(
      from sender: shortcut_connection?, to receiver: shortcut_connection?
    ) -> Direction {
      guard let sender else { return Direction(.closed) }
      var direction = Direction(state(from: sender, to: receiver))
      direction.shortcutMessages = sender.shortcut_messages
      direction.shortcutBytes = sender.shortcut_bytes
      direction.stackMessages = sender.stack_messages
      direction.stackBytes = max(sender.stack_bytes, sender.arrivedBytes)
      direction.lastLeave = LeaveReason(index: sender.last_leave)
      return direction
    }

    /// An end is out of the sockhash if it says so, or if its peer shut the gate behind it.
    private func state(
      from sender: shortcut_connection, to receiver: shortcut_connection?
    ) -> Direction.State {
      guard sender.isOpen else { return .closed }
      if sender.isEvicted || receiver?.hasBarredPeer == true { return .evicted }
      if sender.hasBarredPeer || receiver?.isEvicted == true { return .barred }
      return sender.path == SHORTCUT_PATH_SHORTCUT.rawValue ? .shortcut : .stack
    }
  }
}

extension LeaveReason {
  /// By the number of `enum shortcut_leave`; nil for `SHORTCUT_LEAVE_NONE`.
  init?(index: UInt32) {
    guard index > 0, Int(index) <= Self.allCases.count else { return nil }
    self = Self.allCases[Int(index) - 1]
  }
}
