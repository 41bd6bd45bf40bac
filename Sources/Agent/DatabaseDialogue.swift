import JSON

/// OVSDB (RFC 7047): follows what Open vSwitch's database says about pods, limits and mirrors.
struct DatabaseDialogue: Dialogue {
  /// What the server tells.
  enum News: Sendable, Equatable {
    /// All rows, at the beginning of a connection.
    case snapshot(JSONValue)
    /// Rows that came, changed or went.
    case update(JSONValue)
  }

  private var stream = JSONStream()

  init() {}

  /// The method `monitor`.
  mutating func greeting() -> [UInt8] {
    let tables = OpenVSwitch.columns.map { table, columns in
      (table, JSONValue.object([("columns", .array(columns.map { .string($0) }))]))
    }
    return Self.text([
      "id": .string(Self.monitorIdentifier), "method": "monitor",
      "params": ["Open_vSwitch", "shortcut", .object(tables)],
    ])
  }

  mutating func probe() -> [UInt8] {
    Self.text(["id": "probe", "method": "echo", "params": []])
  }

  mutating func take(_ bytes: [UInt8]) throws(AgentError) -> Reaction<News> {
    stream.append(bytes)
    var reaction = Reaction<News>()
    while let message = try nextMessage() {
      if let refusal = Self.refusal(message) {
        throw AgentError(operation: "monitor", subject: "Open_vSwitch", reason: refusal)
      }
      Self.react(to: message, &reaction)
    }
    return reaction
  }

  private mutating func nextMessage() throws(AgentError) -> JSONValue? {
    do throws(JSONError) {
      return try stream.next().map { text throws(JSONError) in try JSONValue(parsing: text) }
    } catch {
      throw AgentError(operation: "read", subject: "ovsdb", reason: error.description)
    }
  }

  private static func react(to message: JSONValue, _ reaction: inout Reaction<News>) {
    switch (message["method"]?.stringValue, message["id"]?.stringValue) {
    case ("echo", _):
      reaction.answer += text([
        "id": message["id"] ?? nil, "result": message["params"] ?? [], "error": nil,
      ])
    case ("update", _):
      guard let tables = message["params"]?.elements?.last else { return }
      reaction.news.append(.update(tables))
    case (nil, monitorIdentifier):
      guard let tables = message["result"] else { return }
      reaction.news.append(.snapshot(tables))
    default:
      break
    }
  }

  /// What the server has against the request to monitor, or nil.
  private static func refusal(_ message: JSONValue) -> String? {
    guard message["method"] == nil, message["id"]?.stringValue == monitorIdentifier,
      let error = message["error"], error != .null
    else { return nil }
    return error.encoded(indented: false)
  }

  private static let monitorIdentifier = "monitor"

  private static func text(_ message: JSONValue) -> [UInt8] {
    Array(message.encoded(indented: false).utf8)
  }
}
