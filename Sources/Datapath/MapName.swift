/// The maps, by the names they have in `bpf/maps.bpf.h` and as pins.
public enum MapName: String, CaseIterable, Sendable {
  /// Who may take part.
  case allowlist
  /// What the CNI plugin registered.
  case attachments
  /// The loader's settings.
  case control
  /// Moves when the allowlist forbids something.
  case epoch
  /// Per-CPU counters.
  case counters
  /// SYNs that allowed listeners answered, by initial sequence numbers.
  case requests
  /// Clients that wait for their servers, by initial sequence numbers.
  case clients
  /// What accept() gives at each listening socket.
  case listeners
  /// What a program's sockets are once they are connected.
  case programs
  /// How long connections between a listener and a client's address live.
  case habits
  /// What both ends of a connection share.
  case pairs
  /// Both ends of each pair.
  case sockhash
  /// State of each end.
  case sockets
}
