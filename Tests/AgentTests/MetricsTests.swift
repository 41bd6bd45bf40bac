import Datapath
import Testing

@testable import Agent

@Suite struct MetricsTests {
  private func text() throws -> String {
    let status = try Status(PinDirectory(path: "/no/such/directory"))
    let figures = AgentFigures(
      connections: [(name: "ovsdb", isEstablished: true), (name: "flows", isEstablished: false)],
      heldPods: 2, isNodeHeld: false, isConfigured: true, isWell: true, revalidations: 7)
    return Metrics(status, figures).text
  }

  @Test func everySampleIsDescribedOnceAndHasANumber() throws {
    var described: Set<String> = []
    for line in try text().split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if words[0] == "#" {
        guard words[1] == "TYPE" else { continue }
        #expect(described.insert(words[2]).inserted, "\(line)")
        #expect((words[3] == "counter") == words[2].hasSuffix("_total"), "\(line)")
      } else {
        let name = words[0].prefix { $0 != "{" }
        #expect(described.contains(String(name)), "\(line)")
        #expect(words.count == 2 && Double(words[1]) != nil, "\(line)")
      }
    }
    #expect(described.count > 10)
  }

  @Test func figuresAreThere() throws {
    let lines = try text().split(separator: "\n").map(String.init)
    for line in [
      "shortcut_loaded 0", #"shortcut_agent_connected{to="ovsdb"} 1"#,
      #"shortcut_agent_connected{to="flows"} 0"#, "shortcut_agent_held_pods 2",
      "shortcut_agent_revalidations_total 7", #"shortcut_leaves_total{reason="queue"} 0"#,
      #"shortcut_bytes_total{path="stack"} 0"#,
    ] {
      #expect(lines.contains(line), "\(line)")
    }
  }
}
