import Datapath
import JSON
import Linux
import TestSupport
import Testing

/// Pins that are deleted, and file systems that go from under them.
extension EndToEnd.SurvivalTests {
  @Test func agentPinsAgainWhatWasDeletedByHand() async throws {
    try await Road.with(.bridge, pods: ["client", "server"]) { road in
      let link = try await road.link()
      try await Survival(road: road, seconds: 6).during {
        try await road.withAgent { agent in
          for name in ["link", "attachments", "epoch", ""] {
            // The agent may be so quick that the directory is never empty.
            _ = try await Command("rm", ["-r", "\(road.shortcut.pins)/\(name)"]).run()
            try await road.wait(forState: "loaded")
            #expect(try await road.link() == link)
          }
          #expect(try agent.log().contains("event=pinned-again"))
          #expect(try await road.names() == ["client", "server"])
          try await road.waitForShortcutBytes()
        }
      }
    }
  }

  @Test func unloadIsNotMistakenForLostPins() async throws {
    try await Road.with(.bridge, pods: ["client", "server"]) { road in
      try await Survival(road: road, registers: false, state: "not loaded").during {
        try await road.withAgent { agent in
          let link = try await road.link()
          try await road.shortcut.unload()
          try await agent.wait(for: "notice") { $0["loaded"] == false }
          try await Task.sleep(for: .milliseconds(300))
          #expect(!exists(road.shortcut.pins))
          let links = try await Command("bpftool", ["link", "show"]).output()
          let line = links.split(separator: "\n").first { $0.hasPrefix("\(link.identifier): ") }
          // It is held by nobody any more.
          #expect(line == nil)
        }
      }
    }
  }

  @Test(arguments: [["epoch", "pairs"], ["attachments"]])
  func loaderMendsWhatNoAgentHeld(names: [String]) async throws {
    try await Road.with(.bridge, pods: ["client", "server"]) { road in
      try await Survival(road: road).during {
        try await Command("rm", names.map { "\(road.shortcut.pins)/\($0)" }).output()
        let status = try await road.shortcut.status()
        #expect(status.state == "damaged")
        #expect(try await road.shortcut.command("ready").run().end == .exited(1))
        try await road.load()
      }
      // Who is registered is known by the attachments alone.
      #expect(try await road.names() == (names == ["attachments"] ? [] : ["client", "server"]))
      #expect(try await road.allowlist() == (names == ["attachments"] ? 0 : 8))
    }
  }

  /// The kernel detaches a link that is neither pinned nor held.
  @Test func deletedLinkDetachesAndALoadKeepsThePods() async throws {
    try await Road.with(.bridge, pods: ["client", "server"]) { road in
      try await Survival(road: road).during {
        try await Command("rm", ["\(road.shortcut.pins)/link"]).output()
        try await road.wait(forState: "detached")
        try await road.load()
      }
      #expect(try await road.names() == ["client", "server"])
      let new = TortureRun(to: try await road.address(of: "server"), connections: 50)
      let verdict = try await new.run(on: road)
      #expect(verdict.isClean, "\(verdict)")
      #expect(try await road.shortcut.status().pairs > 0)
    }
  }

  @Test(arguments: ["link", "control", "sockets"])
  func unloadWorksThoughPinsAreMissing(name: String) async throws {
    try await Road.with(.bridge, pods: ["client", "server"]) { road in
      try await Survival(road: road, registers: false, state: "not loaded").during {
        // As a stopped agent would: it holds everything, and pins nothing again.
        let holding = try Holding(PinDirectory(path: road.shortcut.pins))
        try await Command("rm", ["\(road.shortcut.pins)/\(name)"]).output()
        try await road.wait(forState: "damaged")
        try await road.shortcut.unload()
        #expect(try holding.condition() == .detached)
      }
    }
  }

  /// Unmounted and mounted anew, and covered by another mount.
  @Test func agentPinsAgainWhenTheFileSystemIsAnother() async throws {
    try await Road.with(.bridge, ownFileSystem: true) { road in
      try await road.load()
      for pod in ["client", "server"] { try await road.addPod(pod) }
      let link = try await road.link()
      try await Survival(road: road, seconds: 8).during {
        try await road.withAgent { agent in
          try BPFFileSystem.unmount(road.fileSystem)
          try await agent.wait(for: "complain") { $0["fault"]?.stringValue != nil }
          #expect(try await road.shortcut.status().state == "not loaded")
          for _ in 1...2 {
            try BPFFileSystem.mount(on: road.fileSystem)
            try await road.wait(forState: "loaded")
            #expect(try await road.link() == link)
          }
          try await agent.wait(for: "be content") { $0["fault"]?.stringValue == nil }
          #expect(try await road.names() == ["client", "server"])
        }
      }
    }
  }

  /// Then nothing but the agent knows what is attached.
  @Test func unloadFindsWhatOnlyTheAgentHolds() async throws {
    try await Road.with(.bridge, ownFileSystem: true) { road in
      try await road.load()
      for pod in ["client", "server"] { try await road.addPod(pod) }
      try await Survival(road: road, registers: false, state: "not loaded").during {
        try await road.withAgent { agent in
          try BPFFileSystem.unmount(road.fileSystem)
          let output = try await road.shortcut.command("unload").output()
          #expect(output == "unloaded\n")
          try await agent.wait(for: "notice") { $0["loaded"] == false }
        }
      }
    }
  }
}
