import CShortcut

/// What one record tells of its socket.
extension shortcut_connection {
  /// Why the socket stays plain; nil: it is, or was, in the sockhash.
  var plainReason: RefusalReason? {
    switch shortcut_role(role) {
    case SHORTCUT_ROLE_LEARNER, SHORTCUT_ROLE_CONNECTOR: .learning
    case SHORTCUT_ROLE_SPLICED: .splicer
    case SHORTCUT_ROLE_LATE: .blockingClient
    default: nil
    }
  }

  var isClient: Bool { client_cookie == own.socket_cookie }

  var isPaired: Bool { peer.socket_cookie != 0 }

  var isEvicted: Bool { role == SHORTCUT_ROLE_EVICTED.rawValue }

  var hasBarredPeer: Bool { gate == SHORTCUT_GATE_BARRED.rawValue }

  /// Not `TCP_CLOSE`.
  var isOpen: Bool { state != 7 }

  /// Of what it sent over the stack.
  var arrivedBytes: UInt64 {
    let handshake: UInt64 = isClient ? 1 : 0
    return acknowledged > handshake ? acknowledged - handshake : 0
  }
}
