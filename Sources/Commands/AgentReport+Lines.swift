import Agent
import JSON

extension AgentReport {
  /// What `status` tells people of the agent.
  static func lines(of report: JSONValue?) -> [String] {
    guard let report else { return ["agent        none runs"] }
    return [
      "agent        process \(report["pid"]?.integerValue ?? 0); "
        + "\(report["revalidations"]?.integerValue ?? 0) revalidations",
      connection(report["ovsdb"], named: "ovsdb"),
      connection(report["flows"], named: "flows"),
    ] + holds(report) + faults(report)
  }

  private static func connection(_ connection: JSONValue?, named name: String) -> String {
    let label = name.padding(to: 13)
    let state = connection?["state"]?.stringValue ?? "unknown"
    guard let error = connection?["error"]?.stringValue else { return label + state }
    return "\(label)\(state): \(error)"
  }

  private static func holds(_ report: JSONValue) -> [String] {
    let pods = (report["held"]?.elements ?? []).map { held in
      "held         \(held["pod"]?.stringValue ?? ""): \(held["reason"]?.stringValue ?? "")"
    }
    guard let reason = report["node_held"]?.stringValue else { return pods }
    return ["held         the node: \(reason)"] + pods
  }

  private static func faults(_ report: JSONValue) -> [String] {
    ["fault", "configuration_fault"].compactMap { report[$0]?.stringValue }.map {
      "fault        \($0)"
    }
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
