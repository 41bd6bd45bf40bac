import JSON
import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// Agents that are killed, crowd, or come in other builds; nodes that are loaded and unloaded.
  @Suite struct SurvivalTests {
    @Test func agentKilledEverySecondCostsNoByteAndNoHold() async throws {
      try await Road.with(.ovn, pods: ["client", "server", "shaped"]) { road in
        let interface = try await road.interface(of: "shaped")
        try await road.vsctl("set", "Interface", interface, "ingress_policing_rate=1000000")
        try await road.withAgent { agent in
          try await agent.wait(for: "hold") { $0["held"]?.elements?.count == 1 }
        }
        try await Survival(road: road, seconds: 12).during {
          for _ in 1...9 {
            let agent = try await road.agentCommand()
            let completion = try await agent.killed(after: .seconds(1)).run()
            #expect(completion.end == .exited(137), "\(completion)")
            #expect(try await road.pods("held") == ["false", "false", "true"])
          }
        }
        try await road.withAgent { agent in
          #expect(try await agent.report()?["held"]?.elements?.count == 1)
          try await road.vsctl("set", "Interface", interface, "ingress_policing_rate=0")
          try await agent.wait(for: "release") { $0["held"]?.elements?.isEmpty == true }
        }
      }
    }

    @Test func anotherBuildTakesOverWhileConnectionsAreOpen() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let before = try await road.link()
        try await road.shortcut.command("pause", ["--node"]).output()
        #expect(try await road.loadOtherBuild() == "replaced")
        #expect(try await road.shortcut.status().suspensions == ["paused"])
        try await road.shortcut.command("resume", ["--node"]).output()
        try await Survival(road: road, seconds: 6).during {
          try await road.load()
          let middle = try await road.link()
          #expect(middle.identifier == before.identifier && middle.program != before.program)
          try await road.waitForShortcutBytes()
          #expect(try await road.loadOtherBuild() == "replaced")
          #expect(try await road.loadOtherBuild() == "present")
          let new = TortureRun(
            to: try await road.address(of: "server"), port: 7001, connections: 50, seed: 2)
          let pairs = try await road.shortcut.status().pairs
          let verdict = try await new.run(on: road)
          #expect(verdict.isClean, "\(verdict)")
          #expect(try await road.shortcut.status().pairs > pairs)
          try await road.waitForShortcutBytes()
        }
        #expect(try await road.names() == ["client", "server"])
      }
    }

    @Test func agentReplacesAnotherBuildAndGoesOnWithItIfItCannot() async throws {
      try await Road.with(.bridge) { road in
        #expect(try await road.loadOtherBuild() == "attached")
        for pod in ["client", "server"] { try await road.addPod(pod) }
        let other = try await road.link()
        try await Survival(road: road, seconds: 8).during {
          // The self-test needs a cgroup of its own.
          try await road.allowCgroups("0")
          try await road.withAgent { agent in
            let link = try await road.link()
            #expect(link == other)
            #expect(try agent.log().contains("event=load"))
          }
          try await road.allowCgroups("max")
          try await road.withAgent { agent in
            let link = try await road.link()
            #expect(link.program != other.program)
            #expect(try agent.log().contains("in place of another build's"))
          }
        }
      }
    }

    @Test func otherReleaseIsHeldAndReplacedOnlyAfterUnload() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await Survival(road: road, seconds: 8, registers: false, state: "other release").during
        {
          try await road.setRelease(99)
          let agent = try await road.agentCommand().killed(after: .seconds(60)).run()
          #expect(agent.end == .exited(1))
          let log = try readText("\(road.directory)/agent.log")
          #expect(log.contains("holds another release (layout 99"), "\(log)")
          #expect(try await road.shortcut.status().state == "other release")
          // Only this release's counters can be read.
          let release = try await road.setRelease(nil)
          let held = try await road.shortcut.status()
          #expect(held.suspensions == ["held"])
          try await Task.sleep(for: .milliseconds(500))
          let before = try await road.shortcut.status()
          try await Task.sleep(for: .milliseconds(500))
          let after = try await road.shortcut.status()
          #expect(after.shortcutBytes == before.shortcutBytes)
          #expect(after.stackBytes > before.stackBytes)
          try await road.setRelease(release)
        }
        let refused = try await road.shortcut.command(
          "load", ["--cgroup", try await road.cgroup()]
        ).run()
        #expect(refused.error.contains("until it is unloaded"), "\(refused)")
        try await road.shortcut.unload()
        try await road.wait(forState: "not loaded")
        try await road.load()
        try await Survival(road: road).expectAPodStarts()
      }
    }

    @Test func fiveAgentsAndFiveLoadersAtOnceAreOne() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let link = try await road.link()
        try await Survival(road: road, seconds: 8).during {
          let command = try await road.agentCommand().killed(after: .seconds(5))
          let ends = try await withThrowingTaskGroup { group in
            for _ in 1...5 { group.addTask { try await command.run().end } }
            for _ in 1...5 { try await road.load() }
            return try await group.reduce(into: []) { $0.append($1) }
          }
          #expect(ends.count { $0 == .exited(137) } == 1)
          #expect(ends.count { $0 == .exited(1) } == 4)
          let log = try readText("\(road.directory)/agent.log")
          #expect(
            log.split(separator: "\n").count { $0.contains("another shortcutd") } == 4, "\(log)")
          #expect(try await road.link() == link)
        }
        try await road.withAgent { agent in
          let report = try await agent.report()
          #expect(report?["link"]?.integerValue == link.identifier)
        }
      }
    }

    @Test func loadsAndUnloadsUnderTrafficLoseNothing() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await Survival(road: road, seconds: 8).during {
          for _ in 1...4 {
            try await road.shortcut.unload()
            #expect(try await road.shortcut.status().state == "not loaded")
            try await road.load()
            for pod in ["client", "server"] {
              try await PluginCall(.add, pod: pod, on: road).command.output()
            }
            let new = TortureRun(
              to: try await road.address(of: "server"), port: 7001, connections: 20)
            let verdict = try await new.run(on: road)
            #expect(verdict.isClean, "\(verdict)")
            #expect(try await road.shortcut.status().pairs > 0)
          }
        }
      }
    }
  }
}

extension Road {
  /// How many cgroups there may be below that of all pods.
  fileprivate func allowCgroups(_ limit: String) async throws {
    try writeText(limit, to: "\(try await cgroup())/cgroup.max.descendants")
  }

  /// Writes which release's layout the settings say they have; nil is this one's, which is known by
  /// what they said first. Returns what they said before.
  @discardableResult
  fileprivate func setRelease(_ release: UInt8?) async throws -> UInt8? {
    let path = "\(shortcut.pins)/control"
    let script = """
      path=$1 wanted=$2 kept=$3
      mapfile -t bytes < <(bpftool -j map lookup pinned "$path" key 0 0 0 0 |
        jq -r '.value[] | ltrimstr("0x")')
      echo $((16#${bytes[0]}))
      [[ -e $kept ]] || echo $((16#${bytes[0]})) >"$kept"
      bytes[0]=$(printf %02x "${wanted:-$(<"$kept")}")
      bpftool map update pinned "$path" key 0 0 0 0 value hex "${bytes[@]}"
      """
    let arguments = [path, release.map(String.init) ?? "", "\(directory)/settings/release"]
    let before = try await Command("bash", ["-euc", script, "bash"] + arguments).output()
    return UInt8(before.prefix { $0.isNumber })
  }
}
