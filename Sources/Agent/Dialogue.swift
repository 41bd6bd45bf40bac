/// What is said on a connection to a daemon: bytes in, events and answers out, no I/O.
protocol Dialogue {
  /// What the daemon tells.
  associatedtype News: Sendable

  /// At the beginning of a connection.
  init()

  /// The first words.
  mutating func greeting() -> [UInt8]

  /// Takes what has arrived. Throws ``AgentError`` when that makes no sense; the connection is
  /// useless then.
  mutating func take(_ bytes: [UInt8]) throws(AgentError) -> Reaction<News>

  /// Asks whether anybody is there; what is answered does not matter.
  mutating func probe() -> [UInt8]
}

/// What follows from what was heard.
struct Reaction<News: Sendable>: Sendable {
  /// What the daemon told, in order.
  var news: [News] = []
  /// What to answer.
  var answer: [UInt8] = []
}
