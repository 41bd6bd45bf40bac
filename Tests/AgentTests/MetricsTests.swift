import Testing

@testable import Agent
@testable import Datapath

@Suite struct MetricsTests {
  private func text() throws -> String {
    let status = try Status(PinDirectory(path: "/no/such/directory"))
    let figures = AgentFigures(
      connections: [(name: "ovsdb", isEstablished: true), (name: "flows", isEstablished: false)],
      held: ["default/web": "qos linux-htb", #"a"b"#: #"c\d"#], isNodeHeld: false,
      isConfigured: true, isWell: true, revalidations: 7)
    return Metrics(status, live, figures).text
  }

  private let live = ConnectionList([], names: PodNames([]), now: 0)

  @Test func agentIsToldOfWhereThePinsCannotBeRead() throws {
    let figures = AgentFigures(
      connections: [], held: [:], isNodeHeld: false, isConfigured: true, isWell: false,
      revalidations: 0)
    let lines = Metrics(nil, nil, figures).text.split(separator: "\n")
    #expect(lines.contains("shortcut_loaded 0"))
    #expect(lines.contains("shortcut_agent_ok 0"))
    #expect(!lines.contains { $0.hasPrefix("shortcut_pairs_total") })
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
        let number = line.split(separator: " ").last.flatMap { Double($0) }
        #expect(words.count > 1 && number != nil, "\(line)")
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
      #"shortcut_bytes_total{path="stack"} 0"#, #"shortcut_connections{standing="shortcut"} 0"#,
      #"shortcut_plain_sockets{reason="learning"} 0"#, "shortcut_node_paused 0",
      #"shortcut_agent_held{pod="default/web",reason="qos linux-htb"} 1"#,
      #"shortcut_agent_held{pod="a\"b",reason="c\\d"} 1"#,
    ] {
      #expect(lines.contains(line), "\(line)")
    }
  }
}
