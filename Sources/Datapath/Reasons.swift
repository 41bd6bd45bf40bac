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
  /// kTLS or another upper layer protocol was put on one end, or may be.
  case upperLayer = "upper_layer"
  /// A stream of small writes, which the stack puts together.
  case small
  /// SO_RCVLOWAT at the receiver or SO_ZEROCOPY at the sender.
  case option
  /// A packet now and then keeps connection trackers from forgetting the connection.
  case refresh
  /// The receiver has shut down its sending side or is out of the sockhash.
  case barred
  /// TCP has nearly all the memory of the node that it may have.
  case memory
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
  /// The first connections of a listener, which show what its accept() gives.
  case learning
  /// Between these two, connections do not live long enough to gain.
  case shortLived = "short_lived"
  /// A program known to splice(2) from sockets listens or connects.
  case splicer
}

/// Why a socket was taken out of the sockhash before it closed; the order is
/// `enum shortcut_eviction`'s.
public enum EvictionReason: String, Sendable, CaseIterable {
  /// It turned out to be blocking, or its peer did.
  case blocking
  /// It has shut down its sending side before anything was redirected to it.
  case halfClosed = "half_closed"
  /// It streams small writes.
  case small
  /// SO_ZEROCOPY was set on it.
  case option
  /// It speaks TLS, which the kernel may be asked to take over.
  case upperLayer = "upper_layer"
}
