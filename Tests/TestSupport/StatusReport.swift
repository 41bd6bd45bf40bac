public import JSON

/// `status --json`, decoded.
public struct StatusReport: Sendable {
  /// The datapath is attached.
  public let isLoaded: Bool
  /// How it is, in a word or two.
  public let state: String
  /// The node is paused, or held.
  public let suspensions: Set<String>
  /// Pods that may use the shortcut.
  public let pods: Int
  /// Connections whose two ends found each other.
  public let pairs: Int
  /// Directions that went from the stack to the shortcut.
  public let joins: Int
  /// Directions that went back, by reason.
  public let leaves: [String: Int]
  /// Candidates that stayed plain TCP, by reason.
  public let refusals: [String: Int]
  /// Sockets that went back to plain TCP before they closed, by reason.
  public let evictions: [String: Int]
  /// Messages that took the shortcut.
  public let shortcutMessages: Int
  /// Their bytes.
  public let shortcutBytes: Int
  /// Messages of paired sockets that took the stack.
  public let stackMessages: Int
  /// Their bytes.
  public let stackBytes: Int

  /// Connections that paired, or whose client shut its sending side down before its server was
  /// there to pair.
  public var settled: Int { pairs + (refusals["unpaired"] ?? 0) }

  /// Decodes a document. Throws ``MissingMember`` with the first member that is not there.
  public init(_ document: JSONValue) throws {
    let counters = document["counters"]
    isLoaded = try require(document["loaded"]?.boolValue, "loaded")
    state = try require(document["state"]?.stringValue, "state")
    suspensions = Set(["paused", "held"].filter { document[$0] == true })
    pods = try number(document, "pods")
    pairs = try number(counters, "pairs")
    joins = try number(counters, "joins")
    leaves = try numbers(counters, "leaves")
    refusals = try numbers(counters, "refusals")
    evictions = try numbers(counters, "evictions")
    shortcutMessages = try number(counters, "shortcut_messages")
    shortcutBytes = try number(counters, "shortcut_bytes")
    stackMessages = try number(counters, "stack_messages")
    stackBytes = try number(counters, "stack_bytes")
  }
}

/// A member that a document should have.
public struct MissingMember: Error, Sendable, CustomStringConvertible {
  /// The member's key.
  public let key: String

  /// `missing or of another kind: pairs`
  public var description: String { "missing or of another kind: \(key)" }
}

private func require<Value>(_ value: Value?, _ key: String) throws -> Value {
  guard let value else { throw MissingMember(key: key) }
  return value
}

private func number(_ document: JSONValue?, _ key: String) throws -> Int {
  try require((document?[key]?.integerValue).map(Int.init), key)
}

private func numbers(_ document: JSONValue?, _ key: String) throws -> [String: Int] {
  let members = try require(document?[key]?.members, key)
  return try Dictionary(
    members.map { ($0.0, try require($0.1.integerValue.map(Int.init), $0.0)) },
    uniquingKeysWith: { $1 })
}
