import Agent
import Datapath
import JSON

/// How the agent is, by its own word.
struct AgentCheck: Check {
  let pins: PinDirectory

  func findings() -> [Finding] {
    guard let report = AgentReport.fetch(for: pins) else {
      return [
        Finding(
          .warn, "agent", "none runs: limits, mirrors and changes of policy are not followed",
          "systemctl start shortcutd, or the DaemonSet")
      ]
    }
    let faults = ["fault", "configuration_fault"].compactMap { report[$0]?.stringValue }
    let held = report["held"]?.elements?.count ?? 0
    let process = report["pid"]?.integerValue ?? 0
    return [Finding(.ok, "agent", "process \(process), \(held) pods held")]
      + faults.map { Finding(.fail, "agent", $0, "see its log") }
      + ["ovsdb", "flows"].compactMap { connection($0, report[$0]) }
  }

  private func connection(_ name: String, _ state: JSONValue?) -> Finding? {
    guard state?["state"] == "away" else { return nil }
    return Finding(
      .fail, "agent", "\(name): \(state?["error"]?.stringValue ?? "no connection yet")",
      "see that Open vSwitch runs, and that the agent sees \(state?["socket"]?.stringValue ?? "it")"
    )
  }
}
