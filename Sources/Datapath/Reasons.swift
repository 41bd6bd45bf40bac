import CShortcut

/// Why a direction went back to the stack; the order is `enum shortcut_leave`'s.
public enum LeaveReason: String, Sendable, CaseIterable {
  /// The receiver's queue held its bound.
  case queue
  /// The receiver is a blocking socket and its pod does not allow that.
  case blocking
  /// An end's allowlist entry is gone, paused or of another domain.
  case policy
  /// The datapath is being unloaded.
  case draining
  /// The other end's socket is gone.
  case peerGone = "peer_gone"
  /// Bytes took the stack that the receiver has not consumed.
  case unproven
  /// kTLS or another upper layer protocol was put on one end.
  case upperLayer = "upper_layer"
  /// A stream of small writes, which the stack puts together.
  case small
}

/// Why a candidate stays plain TCP; the order is `enum shortcut_refusal`'s.
public enum RefusalReason: String, Sendable, CaseIterable {
  /// A blocking client whose pod does not allow that.
  case blockingClient = "blocking_client"
  /// A server behind a blocking listener whose pod does not allow that.
  case blockingServer = "blocking_server"
  /// The two ends are of different domains.
  case domain
  /// MPTCP, an upper layer protocol or SO_ZEROCOPY.
  case socketKind = "socket_kind"
  /// A port whose payload a NAT helper may rewrite.
  case port
  /// A map is full.
  case full
  /// Another program's sockmap owns the socket.
  case owned
  /// No server on this node completed the handshake.
  case unpaired
  /// The ends do not confirm each other although the numbers match.
  case mismatch
  /// Two clients on this node have the same sequence numbers.
  case ambiguous
}
