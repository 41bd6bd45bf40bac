/// What a connection carried between two moments.
public struct ConnectionRate: Sendable, Hashable {
  /// As it was at the second moment.
  public var connection: Connection
  /// Payload over the shortcut, both directions; bytes a second.
  public var shortcutBytes: Double
  /// Payload over the stack, both directions; bytes a second.
  public var stackBytes: Double
  /// Messages that the datapath saw, both directions; a second.
  public var messages: Double

  /// Both paths.
  public var bytes: Double { shortcutBytes + stackBytes }

  /// Compares each connection with itself, `interval` nanoseconds before; new ones with nothing.
  public static func rates(
    from before: [Connection], to after: [Connection], interval: UInt64
  ) -> [ConnectionRate] {
    let known = Dictionary(before.map { ($0.identifier, $0) }, uniquingKeysWith: { $1 })
    let seconds = max(Double(interval) / 1e9, 1e-9)
    return after.map { connection in
      let old = known[connection.identifier]
      func rate(_ figure: (Connection) -> UInt64) -> Double {
        let (now, then) = (figure(connection), old.map(figure) ?? 0)
        return now > then ? Double(now - then) / seconds : 0
      }
      return ConnectionRate(
        connection: connection, shortcutBytes: rate { $0.shortcutBytes },
        stackBytes: rate { $0.stackBytes },
        messages: rate {
          $0.toServer.shortcutMessages + $0.toServer.stackMessages
            + $0.toClient.shortcutMessages + $0.toClient.stackMessages
        })
    }
  }
}
