import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// What `load` and the plugin leave in the kernel.
  @Suite struct LifecycleTests {
    @Test func concurrentLoadsLeaveOneAttachment() async throws {
      try await Road.with(.bridge) { road in
        let cgroup = try await road.cgroup()
        try await withThrowingTaskGroup { group in
          for _ in 0..<10 {
            group.addTask { try await road.shortcut.load(on: cgroup) }
          }
          try await group.waitForAll()
        }
        let text = try await Command("bpftool", ["-j", "cgroup", "show", cgroup]).output()
        let attached = try JSONValue(parsing: Array(text.utf8)).elements ?? []
        #expect(attached.count == 1, "\(text)")
        #expect(try await road.shortcut.status().isLoaded)
      }
    }

    @Test func unloadRemovesEverythingAndLoadsAgain() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await road.shortcut.unload()
        #expect(try await !road.shortcut.status().isLoaded)
        try await road.shortcut.unload()
        try await road.load()
        #expect(try await road.shortcut.status().isLoaded)
      }
    }

    @Test(
      arguments: ["0.3.0", "0.3.1", "0.4.0", "1.0.0"], ["4", "6", "dual"])
    func podIsRegisteredAndForgotten(version: String, family: String) async throws {
      try await Road.with(.bridge) { road in
        try await road.load()
        let list = "\(road.directory)/network.conflist"
        let expression = "s/\"cniVersion\": *\"[^\"]*\"/\"cniVersion\": \"\(version)\"/"
        try await Command("sed", ["-i", expression, list]).output()
        try await road.addPod("pod", family: family)
        let pods = try await road.shortcut.pods()
        #expect(pods.count == 1)
        let registered = pods.first?["addresses"]?.elements?.compactMap(\.stringValue) ?? []
        for number in [4, 6] where family == "\(number)" || family == "dual" {
          #expect(try await registered.contains(road.address(of: "pod", family: number)))
        }
        try await road.verb("unpod", "pod")
        #expect(try await road.shortcut.pods().isEmpty)
        #expect(try await road.allowlist() == 0)
      }
    }

    @Test func podOfTheNewestVersionIsRegisteredAndForgotten() async throws {
      try await Road.with(.bridge, pods: ["pod"]) { road in
        let identifier = "newest"
        for verb in [PluginCall.Verb.add, .check, .delete] {
          try await PluginCall(
            verb, pod: "pod", on: road, containerID: identifier, version: "1.1.0"
          ).command.output()
          #expect(try await road.shortcut.pods().count == (verb == .delete ? 1 : 2))
        }
      }
    }

    @Test func addKilledAtAnyPointIsForgottenByDelete() async throws {
      try await Road.with(.bridge, pods: ["pod"]) { road in
        try await PluginCall(.delete, pod: "pod", on: road).command.output()
        var killed = 0
        for index in 0..<150 {
          let identifier = "killed-\(index)"
          let add = try PluginCall(.add, pod: "pod", on: road, containerID: identifier)
          let delay = Duration.microseconds(Int.random(in: 100...2500))
          let completion = try await add.command.killed(after: delay).run()
          killed += completion.end == .exited(137) ? 1 : 0
          try await PluginCall(.delete, pod: "pod", on: road, containerID: identifier)
            .command.output()
          #expect(try await road.allowlist() == 0, "\(identifier)")
        }
        #expect(try await road.shortcut.pods().isEmpty)
        #expect(killed > 0)
      }
    }
  }
}
