import Datapath
import JSON
import Linux

extension Daemon {
  /// What the agent tells about itself: the member `agent` of `status --json`.
  var document: JSONValue {
    let held = (keeper?.held ?? [:]).sorted { $0.key < $1.key }.map { pod, reason in
      JSONValue.object([("pod", .string(pod)), ("reason", .string(reason))])
    }
    return .object([
      ("pid", .integer(Int64(processIdentifier()))),
      ("loaded", .bool(keeper != nil)),
      ("link", keeper?.holding.map { .integer(Int64($0.linkIdentifier)) } ?? .null),
      ("ovsdb", Self.document(of: database)),
      ("flows", Self.document(of: flows)),
      ("node_held", keeper?.nodeReason.map { .string($0) } ?? .null),
      ("held", .array(held)),
      ("revalidations", .unsigned(revalidations)),
      ("fault", fault.map { .string($0.description) } ?? .null),
      ("configuration_fault", configurationFault.map { .string($0.description) } ?? .null),
    ])
  }

  private static func document<Partner>(of conversation: Conversation<Partner>?) -> JSONValue {
    guard let conversation else { return ["state": "off"] }
    return .object([
      ("state", conversation.isEstablished ? "connected" : "away"),
      ("socket", .string(conversation.path)),
      ("error", conversation.fault.map { .string($0.description) } ?? .null),
      ("failures", .integer(Int64(conversation.failures))),
    ])
  }

  /// What the metrics tell; of the agent alone when the pins cannot be read.
  var metrics: String {
    let figures = AgentFigures(
      connections: [("ovsdb", database?.isEstablished), ("flows", flows?.isEstablished)]
        .compactMap { name, state in state.map { (name: name, isEstablished: $0) } },
      held: keeper?.held ?? [:], isNodeHeld: keeper?.nodeReason != nil,
      isConfigured: configurationFault == nil, isWell: fault == nil,
      revalidations: revalidations)
    let status = try? Status(settings.pins)
    return Metrics(status, keeper == nil ? nil : recentConnections, figures).text
  }

  private var recentConnections: ConnectionList? {
    if live == nil { live = LiveConnections(settings.pins) }
    return live?.recent(now: monotonicNanoseconds())
  }

  /// What is wrong now, or nil.
  private var fault: AgentError? { openingFault ?? pinFault ?? keepingFault ?? runtimeFault }

  /// The same in a few words.
  var summary: String {
    let words = [
      keeper == nil ? "not loaded" : "loaded", "ovsdb \(Self.word(for: database))",
      "flows \(Self.word(for: flows))", "\(keeper?.held.count ?? 0) pods held",
    ]
    return words.joined(separator: ", ")
  }

  private static func word<Partner>(for conversation: Conversation<Partner>?) -> String {
    guard let conversation else { return "off" }
    return conversation.isEstablished ? "connected" : "away"
  }
}
