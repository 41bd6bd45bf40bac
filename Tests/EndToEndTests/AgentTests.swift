import JSON
import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// The agent follows a real Open vSwitch.
  @Suite struct AgentTests {
    @Test func shapedOrMirroredPodIsHeldWhileItIs() async throws {
      try await Road.with(.ovn, pods: ["client", "server"]) { road in
        try await road.withAgent { agent in
          let moments = try await Talk(road: road).during(seconds: 22) {
            try await road.waitForShortcut()
            for limit in Limit.allCases { try await expectHold(for: limit, on: road, agent) }
          }
          #expect(moments.last?.echoed ?? 0 > 0)
        }
      }
    }

    @Test func mirrorOfEverythingHoldsTheNode() async throws {
      try await Road.with(.ovn, pods: ["client", "server"]) { road in
        try await road.withAgent { agent in
          _ = try await Talk(road: road).during(seconds: 10) {
            try await road.waitForShortcut()
            try await road.vsctl(
              "--", "--id=@m", "create", "Mirror", "name=m0", "select_all=true", "--", "set",
              "Bridge", "br-int", "mirrors=@m")
            try await agent.wait(for: "hold the node") { $0["node_held"]?.stringValue != nil }
            try await road.expectNothingOnTheShortcut()
            try await road.vsctl("clear", "Bridge", "br-int", "mirrors")
            try await agent.wait(for: "release the node") { $0["node_held"] == nil as JSONValue }
            try await road.waitForShortcut()
          }
        }
      }
    }

    @Test func holdAndPauseDoNotUndoEachOther() async throws {
      try await Road.with(.ovn, pods: ["client"]) { road in
        try await road.withAgent { agent in
          let pod = ["default/client"]
          try await road.shortcut.command("pause", pod).output()
          try await Limit.policing.set(on: "client", of: road)
          try await agent.wait(for: "hold") { $0["held"]?.elements?.count == 1 }
          try await road.shortcut.command("resume", pod).output()
          #expect(try await road.suspensions() == ["held"])
          try await road.shortcut.command("pause", pod).output()
          try await Limit.policing.clear(on: "client", of: road)
          try await agent.wait(for: "release") { $0["held"]?.elements?.isEmpty == true }
          #expect(try await road.suspensions() == ["paused"])
        }
      }
    }

    /// The plugin knows only what a pod was created with.
    @Test func podCreatedWithALimitTakesPartWhenThatIsGone() async throws {
      try await Road.with(.ovn) { road in
        try await road.load()
        try await road.addPod("server")
        try await road.addPod("client", annotations: ["ovn.kubernetes.io/ingress_rate": "1"])
        try await Limit.shaping.set(on: "client", of: road)
        try await road.withAgent { agent in
          try await agent.wait(for: "hold") { $0["held"]?.elements?.count == 1 }
          _ = try await Talk(road: road).during(seconds: 6) {
            try await Task.sleep(for: .seconds(5))
            #expect(try await road.shortcut.status().pairs == 0)
          }
          try await Limit.shaping.clear(on: "client", of: road)
          for _ in 0..<300 where try await road.pods("held") != ["false", "false"] {
            try await Task.sleep(for: .milliseconds(100))
          }
          #expect(try await road.pods("held") == ["false", "false"])
          _ = try await Talk(road: road).during(seconds: 4) { try await road.waitForShortcut() }
        }
      }
    }

    /// The network list's plugin found nothing to register with, or was not there.
    @Test func podsOlderThanTheDatapathAreAdoptedAndForgotten() async throws {
      try await Road.with(.ovn) { road in
        for pod in ["client", "server"] { try await road.addPod(pod) }
        try await road.load()
        try await road.addPod("declined", shortcut: "false")
        try await road.withAgent(options: ["--adopt", "all"]) { agent in
          #expect(try await road.podNames() == ["client", "declined", "server"])
          #expect(try await road.shortcut.status().pods == 2)
          _ = try await Talk(road: road).during(seconds: 3) {
            try await road.waitForShortcut()
          }
          try await PluginCall(.add, pod: "client", on: road).command.output()
          try await road.wait(for: 3) { try await road.shortcut.pods().count }
          #expect(try agent.log().contains("registered by the plugin"))
          for pod in ["client", "server", "declined"] { try await road.verb("unpod", pod) }
          try await road.wait(for: 0) { try await road.shortcut.pods().count }
        }
      }
    }

    @Test func databaseThatGoesAndComesBackIsFollowedAgain() async throws {
      try await Road.with(.ovn, pods: ["client"]) { road in
        try await road.withAgent { agent in
          try await Limit.policing.set(on: "client", of: road)
          try await agent.wait(for: "hold") { $0["held"]?.elements?.count == 1 }
          let server = try await road.stopDatabase()
          try await agent.wait(for: "notice") { $0["ovsdb"]?["state"] == "away" }
          #expect(try await road.suspensions() == ["held"])
          try await server.output()
          try await agent.wait(for: "follow") { $0["ovsdb"]?["state"] == "connected" }
          try await Limit.policing.clear(on: "client", of: road)
          try await agent.wait(for: "release") { $0["held"]?.elements?.isEmpty == true }
          #expect(try agent.log().split(separator: "\n").count { $0.contains("event=away") } <= 2)
        }
      }
    }

    @Test func badConfigurationIsReportedAndTheOldOneKept() async throws {
      try await Road.with(.ovn) { road in
        let file = "\(road.directory)/agent.json"
        try await write(#"{"revalidationInterval": 2000, "adopt": "off"}"#, to: file)
        try await road.withAgent { agent in
          for bad in [#"{"adopt": "perhaps"}"#, #"{"adoption": "off"}"#, "{", "[]"] {
            try await write(bad, to: file)
            try await agent.signal("HUP")
            try await agent.wait(for: "refuse \(bad)") { report in
              report["configuration_fault"]?.stringValue?.contains(file) == true
            }
            try await write(#"{"adopt": "all"}"#, to: file)
            try await agent.signal("HUP")
            try await agent.wait(for: "read") { $0["configuration_fault"] == nil as JSONValue }
          }
        }
      }
    }

    @Test func secondAgentIsRefusedAndAKilledOneReplaced() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await road.withAgent { agent in
          let cgroup = try await road.cgroup()
          let second = Command(
            Products.path("shortcutd"),
            [
              "--bpffs-root", road.shortcut.pins, "--cgroup", cgroup, "--ovsdb", "none",
              "--bridge", "none", "--metrics", "none",
            ])
          let refused = try await second.killed(after: .seconds(20)).run()
          #expect(refused.error.contains("another shortcutd is running"), "\(refused)")
          #expect(try await agent.report()?["loaded"] == true)
        }
        // The datapath stays, and is adopted.
        #expect(try await road.shortcut.status().isLoaded)
        try await road.withAgent { agent in
          let status = try await road.shortcut.status()
          #expect(status.pods == 2)
          #expect(try agent.log().contains("attached to"))
        }
      }
    }

    @Test func agentSeesThatTheDatapathWentAndCame() async throws {
      try await Road.with(.bridge) { road in
        try await road.withAgent { agent in
          try await road.shortcut.unload()
          try await agent.wait(for: "notice") { $0["loaded"] == false }
          try await road.load()
          try await agent.wait(for: "notice") { $0["loaded"] == true }
        }
      }
    }

    @Test func systemdIsToldWhenTheAgentIsReady() async throws {
      try await Road.with(.bridge) { road in
        let socket = "\(road.directory)/notify"
        let program = """
          import socket, sys
          s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1])
          s.settimeout(60)
          print(s.recv(4096).decode())
          """
        let manager = Task { try await Command("python3", ["-c", program, socket]).output() }
        for _ in 0..<100 where !exists(socket) { try await Task.sleep(for: .milliseconds(50)) }
        try await road.withAgent(environment: ["NOTIFY_SOCKET": socket]) { _ in
          let message = try await manager.value
          #expect(message.hasPrefix("READY=1\nSTATUS=loaded"), "\(message)")
        }
        _ = try removeFile(socket)
      }
    }
  }
}

private func write(_ text: String, to path: String) async throws {
  try await Command("tee", [path], input: text).output()
}

/// Adds a limit, expects that what a live connection sends leaves the shortcut, and takes it away.
private func expectHold(for limit: Limit, on road: Road, _ agent: AgentRun) async throws {
  try await limit.set(on: "server", of: road)
  try await agent.wait(for: "hold for \(limit)") { report in
    report["held"]?.elements?.first?["pod"] == "default/server"
  }
  try await road.expectNothingOnTheShortcut()
  try await limit.clear(on: "server", of: road)
  try await agent.wait(for: "release from \(limit)") { $0["held"]?.elements?.isEmpty == true }
  try await road.waitForShortcut()
}

/// What keeps a pod on the stack.
private enum Limit: CaseIterable {
  case policing, shaping, delay, mirror

  func set(on pod: String, of road: Road) async throws {
    let interface = try await road.interface(of: pod)
    switch self {
    case .policing:
      try await road.vsctl("set", "Interface", interface, "ingress_policing_rate=1000000")
    case .shaping, .delay:
      let type = self == .shaping ? "linux-htb" : "linux-netem"
      try await road.vsctl(
        "--", "--id=@q", "create", "QoS", "type=\(type)", "--", "set", "Port", interface, "qos=@q")
    case .mirror:
      try await road.vsctl(
        "--", "--id=@p", "get", "Port", interface, "--", "--id=@m", "create", "Mirror", "name=m0",
        "select_dst_port=@p", "--", "set", "Bridge", "br-int", "mirrors=@m")
    }
  }

  func clear(on pod: String, of road: Road) async throws {
    let interface = try await road.interface(of: pod)
    switch self {
    case .policing: try await road.vsctl("set", "Interface", interface, "ingress_policing_rate=0")
    case .shaping, .delay: try await road.vsctl("clear", "Port", interface, "qos")
    case .mirror: try await road.vsctl("clear", "Bridge", "br-int", "mirrors")
    }
  }
}

extension Road {
  /// What shortcutctl says keeps the first pod off the shortcut.
  fileprivate func suspensions() async throws -> [String] {
    let pod = try await shortcut.pods().first
    return ["paused", "held"].filter { pod?[$0] == true }
  }

  fileprivate func podNames() async throws -> [String] {
    try await shortcut.pods().compactMap { $0["name"]?.stringValue }.sorted()
  }

  /// Live connections send, and none of it takes the shortcut.
  fileprivate func expectNothingOnTheShortcut() async throws {
    // What is under way may still be counted.
    try await Task.sleep(for: .milliseconds(200))
    let before = try await shortcut.status()
    try await Task.sleep(for: .milliseconds(500))
    let after = try await shortcut.status()
    #expect(after.stackBytes > before.stackBytes)
    #expect(after.shortcutBytes == before.shortcutBytes)
  }

  fileprivate func wait(for count: Int, _ value: () async throws -> Int) async throws {
    for _ in 0..<100 where try await value() != count {
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(try await value() == count)
  }

  /// Ends ovsdb-server; returns what starts it again.
  fileprivate func stopDatabase() async throws -> Command {
    let base = "\(directory)/openvswitch"
    let process = try readText("\(base)/conf.pid").filter(\.isNumber)
    let environment = try readText("/proc/\(process)/environ").split(separator: "\0")
    let road = environment.first { $0.hasPrefix("SHORTCUT_ROAD=") }.map(String.init) ?? ""
    try await Command("kill", [process]).output()
    return Command(
      "env",
      [
        road, "ovsdb-server", "\(base)/conf.db", "--detach", "--no-chdir", "-vconsole:off",
        "--remote=punix:\(base)/db.sock", "--unixctl=\(base)/conf.ctl",
        "--pidfile=\(base)/conf.pid", "--log-file=\(base)/conf.log",
      ])
  }
}
