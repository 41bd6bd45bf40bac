import Datapath

extension RefusalReason {
  /// What it means to a person, and what to do if there is something to do.
  var meaning: String {
    switch self {
    case .blockingClient: "the client's socket blocks; annotate its pod \"all\" if it may"
    case .blockingServer: "the server's sockets block; annotate its pod \"all\" if they may"
    case .domain: "the two pods may not be joined"
    case .socketKind: "MPTCP, kTLS or SO_ZEROCOPY"
    case .port: "a port whose payload a NAT helper may rewrite"
    case .full: "a map is full: load again with a larger --max-connections"
    case .owned: "another program's sockmap has the socket: see doctor"
    case .unpaired: "no server of this node completed the handshake"
    case .mismatch: "the ends did not confirm each other"
    case .ambiguous: "two clients had the same sequence numbers"
    case .learning: "the first connection of a listener or program shows what it is"
    case .shortLived: "connections like it were too short to gain"
    case .splicer: "a program that reads in ways the shortcut cannot serve"
    }
  }
}

extension LeaveReason {
  /// What it means to a person.
  var meaning: String {
    switch self {
    case .queue: "the reader was behind by the queue's bound"
    case .blocking: "the reader blocks and its pod is not annotated \"all\""
    case .policy: "an end was paused, held or unregistered"
    case .draining: "the node is paused or held, or the datapath was unloaded"
    case .peerGone: "the other end was gone"
    case .unproven: "bytes on the stack had not been read yet"
    case .upperLayer: "kTLS was put on an end, or may be"
    case .small: "a stream of small writes, which the stack puts together"
    case .option: "SO_RCVLOWAT, SO_ZEROCOPY or another option the shortcut cannot keep"
    case .refresh: "a packet now and then, for conntrack and policy"
    case .barred: "the reader has shut its side down or is plain TCP again"
    case .memory: "TCP has nearly all the memory it may have (net.ipv4.tcp_mem)"
    }
  }
}

extension EvictionReason {
  /// What it means to a person.
  var meaning: String {
    switch self {
    case .blocking: "it, or its peer, turned out to block"
    case .halfClosed: "it shut its sending side down first"
    case .small: "it streams small writes, which the stack puts together"
    case .option: "SO_ZEROCOPY was set on it"
    case .upperLayer: "it speaks TLS and the kernel offers kTLS; if nobody uses that: --shorten-tls"
    }
  }
}
