import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// What people and machines are told.
  @Suite struct ShowTests {
    @Test func metricsAreServedOverHTTP() async throws {
      let address = "127.0.0.1:\(Int.random(in: 20000...30000))"
      try await Road.with(.bridge, pods: ["client"]) { road in
        try await road.withAgent(options: ["--metrics", address]) { _ in
          let page = "http://\(address)/metrics"
          let text = try await Command("curl", ["-sS", "--fail", page]).output()
          #expect(text.contains("\nshortcut_loaded 1\n"))
          #expect(text.contains("\nshortcut_pods 1\n"))
          let other = try await Command("curl", ["-sS", "--fail", "http://\(address)/"]).run()
          #expect(!other.isSuccess)
          #expect(other.error.contains("404"))
          // Many who say nothing keep nobody else from being answered.
          let silent = Task {
            let script = "for i in $(seq 40); do exec {f}<>/dev/tcp/$0/$1; done; sleep 60"
            let words = address.split(separator: ":").map(String.init)
            return try await Command("bash", ["-c", script] + words).run()
          }
          defer { silent.cancel() }
          try await Task.sleep(for: .seconds(6))
          let again = try await Command("curl", ["-sS", "--fail", page]).output()
          #expect(again.contains("\nshortcut_loaded 1\n"))
        }
      }
    }

    @Test func liveConnectionsAreServedOverHTTP() async throws {
      let address = "127.0.0.1:\(Int.random(in: 20000...30000))"
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await road.withAgent(options: ["--metrics", address]) { _ in
          _ = try await Talk(road: road).during(seconds: 12) {
            try await road.waitForShortcut()
            let page = Command("curl", ["-sS", "--fail", "http://\(address)/metrics"])
            // What is told of them may be some seconds old.
            try await eventually("a live connection in the metrics") {
              try await page.output().contains(#"shortcut_connections{standing="shortcut"} 1"#)
            }
            let text = try await page.output()
            #expect(text.contains("\nshortcut_agent_ok 1\n"))
            #expect(text.contains("shortcut_info{abi="), "\(text)")
          }
        }
      }
    }

    @Test func statusTellsOfLiveConnectionsOnOneScreen() async throws {
      try await Road.with(.bridge) { road in
        let empty = try await road.shortcut.command("status").output()
        #expect(empty.contains("not loaded") && empty.contains("all that is needed"), "\(empty)")
        try await road.load()
        for pod in ["client", "server"] { try await road.addPod(pod) }
        _ = try await Talk(road: road).during(seconds: 8) {
          try await road.waitForShortcut()
          let text = try await road.shortcut.command("status", ["--json"]).output()
          let document = try JSONValue(parsing: Array(text.utf8))
          #expect(document["live"]?["shortcut"]?.integerValue == 1, "\(text)")
          #expect(document["live"]?["shortcut_bytes"]?.integerValue ?? 0 > 0)
          #expect(document["missing_features"]?.elements?.isEmpty == true)
          #expect(document["settings"]?["queue_bytes"]?.integerValue == 1 << 20)
          let screen = try await road.shortcut.command("status").output()
          #expect(screen.contains("live         1 connections: 1 shortcut, 0 stack, 0 evicted"))
          // The first connection of each end stayed plain.
          #expect(screen.contains("why not the rest"), "\(screen)")
          #expect(screen.contains("% of candidates  learning"), "\(screen)")
          #expect(screen.split(separator: "\n").count <= 24, "\(screen)")
        }
      }
    }

    @Test func topShowsWhatLiveConnectionsCarry() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        _ = try await Talk(road: road).during(seconds: 14) {
          try await road.waitForShortcut()
          let text = try await road.shortcut.command("top", ["--once", "--json"]).output()
          let document = try JSONValue(parsing: Array(text.utf8))
          let first = document["connections"]?.elements?.first
          #expect(first?["shortcut_bytes_per_second"]?.realValue ?? 0 > 0, "\(text)")
          #expect(first?["messages_per_second"]?.realValue ?? 0 > 0, "\(text)")
          #expect(first?["server"]?["pod"] == "default/server", "\(text)")
          #expect(document["shortcut_bytes_per_second"]?.realValue ?? 0 > 0, "\(text)")
          // It goes on until it is ended.
          let top = road.shortcut.command("top", ["--interval", "0.3", "default/client"])
          let screens = try await top.killed(after: .seconds(4)).run().output
          let heads = screens.split(separator: "\n").count { $0.hasPrefix("SHORTCUT/s") }
          #expect(heads > 2, "\(screens)")
          #expect(screens.contains("default/server:7100"), "\(screens)")
          // On a terminal each screen takes the place of the one before.
          let words = (["'\(top.program)'"] + top.arguments + ["--once"]).joined(separator: " ")
          let terminal = try await Command("script", ["-qec", words, "/dev/null"]).output()
          #expect(terminal.contains("\u{1b}[H"), "\(terminal)")
        }
      }
    }

    @Test func explanationNamesWhatStandsInTheWay() async throws {
      try await Road.with(.bridge) { road in
        try await road.expectObstacle("nothing is loaded", for: ["default/client"])
        try await road.load()
        try await road.addPod("client")
        try await road.addPod("server", shortcut: "false")
        let pods = ["default/client", "default/server"]
        try await road.expectObstacle("default/server takes no part", for: pods)
        try await road.expectObstacle("default/none is not registered", for: ["default/none"])
        let fine = try await road.shortcut.command("explain", ["default/client"]).output()
        #expect(fine.hasPrefix("yes\n"), "\(fine)")
        try await road.shortcut.command("pause", ["default/client"]).output()
        try await road.expectObstacle("default/client is paused", for: ["default/client"])
        try await road.shortcut.command("pause", ["--node"]).output()
        try await road.expectObstacle("the node is paused", for: ["default/client"])
      }
    }
  }
}

extension Road {
  fileprivate func expectObstacle(_ text: String, for pods: [String]) async throws {
    let verdict = try await shortcut.command("explain", pods).run()
    #expect(verdict.end == .exited(1))
    #expect(verdict.output.contains("no: \(text)"), "\(verdict)")
  }
}
