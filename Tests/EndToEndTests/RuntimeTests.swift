import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// Real runtimes call a chain of real plugins, each in its own way.
  @Suite(.needsRuntimes) struct RuntimeTests {
    @Test(arguments: Chain.allCases)
    func libraryAddsChecksAndDeletesTwice(chain: Chain) async throws {
      try await chain.withRoad { road in
        try await road.addPod("pod")
        #expect(try await road.names() == ["pod"])
        let cgroup = try await road.shortcut.pods().first?["cgroup"]?.stringValue
        #expect(cgroup?.hasSuffix("/pod") == true, "\(cgroup ?? "none")")
        let check = try await road.attempt("check", "pod")
        let refusal = "does not support the CHECK command"
        #expect(chain == .ptp ? check.isSuccess : check.error.contains(refusal), "\(check)")
        for _ in 0..<2 {
          try await road.verb("delete", "pod")
          try await road.expectNothingRegistered()
        }
      }
    }

    @Test(arguments: ContainerRuntime.Kind.allCases, Chain.allCases)
    func containersTakeTheShortcutAndAreForgotten(
      kind: ContainerRuntime.Kind, chain: Chain
    ) async throws {
      try await withRuntime(kind, chain) { runtime, road in
        async let server = runtime.addPod("server")
        async let client = runtime.addPod("client")
        let identifiers = try await [client, server]
        #expect(try await road.names() == ["client", "server"])
        #expect(try await road.pods("container_id") == identifiers)
        for family in [4, 6] {
          let address = try await runtime.address(of: "server", family: family)
          let run = TortureRun(to: address, port: 7000 + family, connections: 50)
          try await run.expectShortened(in: runtime, on: road)
        }
        for pod in ["client", "server", "server", "client"] { try await runtime.stop(pod) }
        try await road.expectNothingRegistered()
        for pod in ["client", "server"] { try await runtime.remove(pod) }
        try await road.expectNothingRegistered()
      }
    }

    /// portmap translates what a client sends to the node.
    @Test(arguments: ContainerRuntime.Kind.allCases)
    func portOfTheNodeLeadsToTheShortcut(kind: ContainerRuntime.Kind) async throws {
      try await withRuntime(kind, .ptp) { runtime, road in
        let option = kind == .containerd ? "--host-port" : "--publish"
        try await runtime.addPod("server", options: [option, "8080:7000"])
        try await runtime.addPod("client")
        let node = "10.16.0.1"
        let run = TortureRun(to: node, toPort: 8080, port: 7000, connections: 50)
        try await run.expectShortened(in: runtime, on: road)
      }
    }

    /// The shortcut is optional, at every moment of a pod's life.
    @Test(arguments: ContainerRuntime.Kind.allCases)
    func podComesAndGoesWithoutTheDatapath(kind: ContainerRuntime.Kind) async throws {
      try await withRuntime(kind, .ptp) { runtime, road in
        try await runtime.addPod("registered")
        try await road.shortcut.unload()
        try await runtime.addPod("unregistered")
        try await road.load()
        for pod in ["registered", "unregistered"] {
          #expect(try await runtime.inside(pod, "cat", ["/proc/self/comm"]).run().isSuccess)
          try await runtime.stop(pod)
          try await runtime.remove(pod)
        }
        try await road.expectNothingRegistered()
      }
    }

    /// The runtime then deletes what the chain's plugins added, without any result.
    @Test(arguments: ContainerRuntime.Kind.allCases)
    func podThatALaterPluginRefusesIsForgotten(kind: ContainerRuntime.Kind) async throws {
      try await withRuntime(kind, .ptp) { runtime, road in
        let seen = "\(runtime.directory)/bin/seen"
        try await runtime.appendPlugin(
          "refuse", script: refusing(after: "\(road.shortcut.command("pods")) >\(seen)"))
        let refusal = await #expect(throws: CommandError.self) { try await runtime.addPod("pod") }
        #expect(refusal?.reason.contains("refused by the last plugin") == true)
        #expect(try await Command("cat", [seen]).output().contains("pod"))
        try await road.expectNothingRegistered()
      }
    }
  }
}

/// A plugin that succeeds with everything but ADD.
private func refusing(after command: String) -> String {
  """
  #!/bin/sh
  case $CNI_COMMAND in
    VERSION) echo '{"cniVersion": "1.0.0", "supportedVersions": ["1.0.0"]}' ;;
    ADD)
      \(command)
      echo '{"cniVersion": "1.0.0", "code": 11, "msg": "refused by the last plugin"}'
      exit 1
      ;;
  esac
  """
}
