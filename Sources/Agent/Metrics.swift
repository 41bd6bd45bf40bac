import Datapath
import Linux

/// The text format of Prometheus, version 0.0.4.
struct Metrics {
  private(set) var text = ""

  /// What the datapath and the agent have counted. Without a status, the pins cannot be read.
  init(_ status: Status?, _ live: ConnectionList?, _ agent: AgentFigures) {
    add(
      "info", "gauge", "What runs: the version of the maps' layout, and the kernel.",
      [(Self.labels([("abi", "\(Interface.version)"), ("kernel", Kernel.release)]), 1)])
    gauge("loaded", "Whether the datapath is attached.", status?.isLoaded == true ? 1 : 0)
    if let status { add(status) }
    if let live { add(live) }
    add(agent)
  }

  private mutating func add(_ status: Status) {
    let counters = status.counters
    gauge(
      "node_paused", "Whether a person keeps the whole node off the shortcut.",
      status.suspensions.contains(.paused) ? 1 : 0)
    gauge("pods", "Registered interfaces of pods that may use the shortcut.", UInt64(status.pods))
    counter("pairs", "Connections whose two ends found each other.", counters.pairs)
    counter("joins", "Changes of a direction from the stack to the shortcut.", counters.joins)
    counter(
      "leaves", "Changes back to the stack.", by: "reason",
      counters.leaves.map { ($0.reason.rawValue, $0.count) })
    counter(
      "refusals", "Candidates that stayed plain TCP for good.", by: "reason",
      counters.refusals.map { ($0.reason.rawValue, $0.count) })
    counter(
      "evictions", "Sockets that went back to plain TCP before they closed.", by: "reason",
      counters.evictions.map { ($0.reason.rawValue, $0.count) })
    counter(
      "messages", "Messages of paired connections.", by: "path",
      [("shortcut", counters.shortcutMessages), ("stack", counters.stackMessages)])
    counter(
      "bytes", "Payload of paired connections.", by: "path",
      [("shortcut", counters.shortcutBytes), ("stack", counters.stackBytes)])
  }

  private mutating func add(_ live: ConnectionList) {
    gauge(
      "connections", "Live connections whose ends found each other.", by: "standing",
      Connection.Standing.allCases.map { ($0.rawValue, UInt64(live.count($0))) })
    gauge(
      "plain_sockets", "Live sockets that are watched, or marked to stay plain.", by: "reason",
      [RefusalReason.learning, .splicer, .blockingClient]
        .map { ($0.rawValue, UInt64(live.plain[$0] ?? 0)) })
  }

  private mutating func add(_ agent: AgentFigures) {
    gauge(
      "agent_connected", "Whether what the agent follows answers.", by: "to",
      agent.connections.map { ($0.name, $0.isEstablished ? 1 : 0) })
    gauge("agent_held_pods", "Pods that are held off the shortcut.", UInt64(agent.held.count))
    add(
      "agent_held", "gauge", "A pod that is held off the shortcut, and why.",
      agent.held.sorted { $0.key < $1.key }
        .map { (Self.labels([("pod", $0.key), ("reason", $0.value)]), 1) })
    gauge("agent_node_held", "Whether the whole node is held.", agent.isNodeHeld ? 1 : 0)
    gauge(
      "agent_configuration_ok", "Whether the configuration could be read when it last was.",
      agent.isConfigured ? 1 : 0)
    gauge("agent_ok", "Whether the last round went without a fault.", agent.isWell ? 1 : 0)
    counter(
      "agent_revalidations", "How often live connections had to show that they still pass.",
      agent.revalidations)
  }

  private mutating func gauge(_ name: String, _ help: String, _ value: UInt64) {
    add(name, "gauge", help, [("", value)])
  }

  private mutating func gauge(
    _ name: String, _ help: String, by label: String, _ values: [(String, UInt64)]
  ) {
    add(name, "gauge", help, values.map { (Self.labels([(label, $0.0)]), $0.1) })
  }

  private mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
    add("\(name)_total", "counter", help, [("", value)])
  }

  private mutating func counter(
    _ name: String, _ help: String, by label: String, _ values: [(String, UInt64)]
  ) {
    add("\(name)_total", "counter", help, values.map { (Self.labels([(label, $0.0)]), $0.1) })
  }

  private static func labels(_ labels: [(String, String)]) -> String {
    let pairs = labels.map { #"\#($0)="\#(escaped($1))""# }
    return "{\(pairs.joined(separator: ","))}"
  }

  /// A backslash, a quote and the end of a line have to be written otherwise.
  private static func escaped(_ value: String) -> String {
    value.map { character in
      switch character {
      case "\\", "\"": "\\\(character)"
      case let end where end.isNewline: "\\n"
      default: "\(character)"
      }
    }.joined()
  }

  private mutating func add(
    _ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: UInt64)]
  ) {
    let name = "shortcut_\(name)"
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    for sample in samples { text += "\(name)\(sample.labels) \(sample.value)\n" }
  }
}

/// What the agent counts of itself.
struct AgentFigures {
  var connections: [(name: String, isEstablished: Bool)]
  /// Pods that are held, by their names, and why.
  var held: [String: String]
  var isNodeHeld: Bool
  var isConfigured: Bool
  var isWell: Bool
  var revalidations: UInt64
}
