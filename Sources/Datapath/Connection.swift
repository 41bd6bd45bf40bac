/// A connection whose two ends found each other, and which is not over.
public struct Connection: Sendable, Hashable {
  /// The cookie of the client's socket: no other connection of this boot has it.
  public var identifier: UInt64
  /// The end that connected.
  public var client: ConnectionEnd
  /// The end that accepted.
  public var server: ConnectionEnd
  /// What the client connected to: of a service, an address that no pod has.
  public var destination: String
  /// Nanoseconds since the handshake.
  public var age: UInt64
  /// What the client sends.
  public var toServer: Direction
  /// What the server sends.
  public var toClient: Direction

  /// In which of these a connection is, by its better direction.
  public enum Standing: String, Sendable, Hashable, CaseIterable {
    /// A direction uses the shortcut.
    case shortcut
    /// None does now; one may.
    case stack
    /// None ever will again.
    case evicted
  }

  /// How it stands.
  public var standing: Standing {
    let states = [toServer.state, toClient.state]
    if states.contains(.shortcut) { return .shortcut }
    return states.contains(.stack) ? .stack : .evicted
  }

  /// Payload of both directions that took the shortcut.
  public var shortcutBytes: UInt64 { toServer.shortcutBytes + toClient.shortcutBytes }
  /// Payload of both directions that took the stack.
  public var stackBytes: UInt64 { toServer.stackBytes + toClient.stackBytes }
}
