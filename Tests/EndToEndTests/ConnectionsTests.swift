import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// What is told of live connections.
  @Suite struct ConnectionsTests {
    @Test(arguments: Road.Kind.allCases)
    func liveConnectionIsListedWithBothItsEnds(kind: Road.Kind) async throws {
      try await Road.with(kind, pods: ["client", "server", "other"]) { road in
        let address = try await road.address(of: "server")
        _ = try await Talk(road: road).during(seconds: 8) {
          try await road.waitForShortcut()
          let all = try await road.shortcut.connections()
          let one = try #require(all.first { $0["standing"] == "shortcut" }, "\(all)")
          #expect(one["client"]?["pod"] == "default/client")
          #expect(one["server"]?["pod"] == "default/server")
          #expect(one["server"]?["address"]?.stringValue == address)
          #expect(one["server"]?["port"]?.integerValue == 7100)
          #expect(one["destination"]?.stringValue == "\(address):7100")
          #expect(one["age_seconds"]?.realValue ?? 100 < 60)
          for direction in ["to_server", "to_client"] {
            #expect(one[direction]?["state"] == "shortcut", "\(one)")
            #expect(one[direction]?["shortcut_bytes"]?.integerValue ?? 0 > 0)
            #expect(one[direction]?["shortcut_messages"]?.integerValue ?? 0 > 0)
          }
          try await road.expect(1, listedOf: "default/server")
          try await road.expect(1, listedOf: "default/server", "default/client")
          try await road.expect(0, listedOf: "default/other")
          try await road.expect(0, listedOf: "default/other", "default/client")
          let lines = try await road.shortcut.command("connections").output()
          #expect(lines.contains("default/server:7100  shortcut  shortcut"), "\(lines)")
        }
        try await eventually("no connection left") {
          try await road.shortcut.connections().isEmpty
        }
      }
    }

    @Test func directionThatLeftTellsWhy() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        _ = try await Talk(road: road).during(seconds: 8) {
          try await road.waitForShortcut()
          try await road.shortcut.command("pause", ["default/client"]).output()
          try await eventually("both directions left for policy") {
            let all = try await road.shortcut.connections()
            return all.contains { one in
              ["to_server", "to_client"].allSatisfy { direction in
                one[direction]?["state"] == "stack" && one[direction]?["last_leave"] == "policy"
              }
            }
          }
        }
      }
    }

    /// A stream of small writes is plain TCP at both ends, and still shown.
    @Test func evictedConnectionIsListedWithWhatTheStackCarries() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let program = Products.path("load-generator")
        let there = try await ["--address", road.address(of: "server"), "--port", "7200"]
        let server = Task { try await road.inside("server", program, ["serve"] + there).run() }
        defer { server.cancel() }
        try await Task.sleep(for: .milliseconds(300))
        async let stream = road.inside(
          "client", program, ["stream"] + there + ["--size", "16", "--seconds", "6"]
        ).output()
        try await eventually("an evicted connection") {
          let all = try await road.shortcut.connections(of: "default/client")
          return all.contains { one in
            one["standing"] == "evicted" && one["to_server"]?["state"] == "evicted"
              && one["to_server"]?["stack_bytes"]?.integerValue ?? 0 > 100_000
          }
        }
        _ = try await stream
      }
    }

    @Test func whatIsNotThereIsSaid() async throws {
      try await Road.with(.bridge) { road in
        let unloaded = try await road.shortcut.command("connections").run()
        #expect(!unloaded.isSuccess)
        #expect(unloaded.error.contains("No such file or directory"), "\(unloaded)")
        try await road.load()
        let unknown = try await road.shortcut.command("connections", ["default/none"]).run()
        #expect(!unknown.isSuccess)
        #expect(unknown.error.contains("default/none is not registered"), "\(unknown)")
      }
    }
  }
}

/// Waits until something is so, for a slow machine; fails if it never is.
func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
  for _ in 0..<100 {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(200))
  }
  Issue.record("never came: \(what)")
}

extension Road {
  fileprivate func expect(_ count: Int, listedOf pods: String...) async throws {
    let arguments = ["--json"] + pods
    let text = try await shortcut.command("connections", arguments).output()
    let all = try JSONValue(parsing: Array(text.utf8)).elements ?? []
    #expect(all.count { $0["standing"] == "shortcut" } == count, "\(pods): \(text)")
  }
}
