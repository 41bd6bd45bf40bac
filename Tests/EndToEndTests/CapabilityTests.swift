import JSON
import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// The agent with what install/kubernetes/daemonset.yaml gives it, and nothing else.
  @Suite struct CapabilityTests {
    static let ofTheContainer = ["NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE", "DAC_OVERRIDE"]

    @Test func theseAreTheContainersCapabilities() throws {
      let manifest = try readText("\(Products.repository)/install/kubernetes/daemonset.yaml")
      let agent = try #require(manifest.split(separator: "name: shortcutd\n").last)
      let list = try #require(agent.firstRange(of: "add:\n").map { agent[$0.upperBound...] })
      let lines = list.split(separator: "\n").map { $0.drop { $0 == " " } }
      let found = lines.prefix { $0.hasPrefix("- ") || $0.hasPrefix("#") }
        .filter { $0.hasPrefix("- ") }.map { String($0.dropFirst(2)) }
      #expect(found == Self.ofTheContainer)
    }

    /// kube-ovn's Open vSwitch is not root.
    @Test func agentOfTheContainersCapabilitiesDoesAllItDoes() async throws {
      let address = "127.0.0.1:\(Int.random(in: 20000...30000))"
      try await Road.with(.ovn) { road in
        for pod in ["client", "server"] { try await road.addPod(pod) }
        for socket in ["db.sock", "br-int.mgmt"] {
          let path = "\(road.directory)/openvswitch/\(socket)"
          try await Command("chown", ["nobody", path]).output()
          try await Command("chmod", ["0700", path]).output()
        }
        try await road.withAgent(
          options: ["--metrics", address, "--adopt", "all"],
          prefix: AgentRun.confined(to: Self.ofTheContainer)
        ) { agent in
          try await road.wait(toHaveRegistered: 2)
          _ = try await Talk(road: road).during(seconds: 15) {
            try await road.waitForShortcut()
            let interface = try await road.interface(of: "server")
            try await road.vsctl("set", "Interface", interface, "ingress_policing_rate=1000000")
            try await agent.wait(for: "hold") { $0["held"]?.elements?.count == 1 }
            try await road.vsctl("set", "Interface", interface, "ingress_policing_rate=0")
            try await agent.wait(for: "release") { $0["held"]?.elements?.isEmpty == true }
            try await road.verb("deny", "client", "server")
            try await road.verb("allow", "client", "server")
            try await agent.wait(for: "revalidate") { $0["revalidations"]?.integerValue ?? 0 > 0 }
          }
          let page = try await Command("curl", ["-sS", "--fail", "http://\(address)/metrics"])
            .output()
          #expect(page.contains("\nshortcut_loaded 1\n"))
          for pod in ["client", "server"] { try await road.verb("unpod", pod) }
          try await road.wait(toHaveRegistered: 0)
          #expect(try await agent.report()?["fault"] == nil as JSONValue)
        }
      }
    }
  }
}

extension Road {
  fileprivate func wait(toHaveRegistered count: Int) async throws {
    for _ in 0..<300 where try await names().count != count {
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(try await names().count == count)
  }
}
