import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// What only a runtime without Kubernetes does.
  @Suite(.needsRuntimes) struct PodmanTests {
    /// podman tells plugins neither a namespace nor annotations: the network list decides.
    @Test func containerIsKnownByItsName() async throws {
      try await withRuntime(.podman, .ptp) { runtime, road in
        let annotation = "ovn.kubernetes.io/tcp_shortcut=false"
        let options = ["--annotation", annotation, "--label", annotation]
        try await runtime.addPod("pod", options: options)
        #expect(try await road.pods("namespace") == [""])
        #expect(try await road.pods("enabled") == ["true"])
        let lines = try await road.shortcut.command("pods").output()
        #expect(lines.hasPrefix("pod  10.16."), "\(lines)")
        try await road.shortcut.command("pause", ["pod"]).output()
        #expect(try await road.pods("paused") == ["true"])
      }
    }

    /// It keeps its identifier and gets another network namespace.
    @Test func restartedContainerTakesTheShortcutAgain() async throws {
      try await withRuntime(.podman, .ptp) { runtime, road in
        for pod in ["client", "server"] { try await runtime.addPod(pod) }
        let namespaces = try await road.pods("netns")
        try await runtime.onNode("podman", ["restart", "client", "server"]).output()
        #expect(try await road.names() == ["client", "server"])
        #expect(try await Set(road.pods("netns")).isDisjoint(with: namespaces))
        let run = try await TortureRun(to: runtime.address(of: "server"), connections: 50)
        try await run.expectShortened(in: runtime, on: road)
      }
    }

    @Test func disconnectedContainerIsForgotten() async throws {
      try await withRuntime(.podman, .ptp) { runtime, road in
        try await runtime.addPod("pod")
        try await runtime.onNode("podman", ["network", "disconnect", "ptp", "pod"]).output()
        try await road.expectNothingRegistered()
        try await runtime.onNode("podman", ["network", "connect", "ptp", "pod"]).output()
        #expect(try await road.names() == ["pod"])
      }
    }

    /// podman takes a network down by its own copy of the list, whose plugins have to be there; it
    /// does not tell if they are not, but addresses are then never free again.
    @Test func containerThatIsOlderThanTheRemovalOfThePluginEnds() async throws {
      try await withRuntime(.podman, .ptp) { runtime, road in
        // An executable in place of a link to it.
        try await runtime.installer("install-cni").output()
        try await runtime.addPod("pod")
        #expect(try await road.names() == ["pod"])
        try await runtime.installer("uninstall-cni", "--wait", "0").output()
        let list = try readText("\(runtime.directory)/net.d/network.conflist")
        #expect(!list.contains("shortcut-cni"))
        try await road.shortcut.unload()
        for verb in ["stop", "rm"] {
          let completion = try await runtime.onNode("podman", [verb, "pod"]).run()
          #expect(completion.isSuccess, "\(completion)")
        }
        let kept = ["/var/lib/cni", "-name", "10.*", "-o", "-name", "*-eth0"]
        #expect(try await runtime.onNode("find", kept).output().isEmpty)
      }
    }

    /// Its network is taken down by a process of conmon's, with another environment.
    @Test func containerThatRemovesItselfIsForgotten() async throws {
      try await withRuntime(.podman, .ptp) { runtime, road in
        try await runtime.addPod("pod", options: ["--rm"])
        #expect(try await road.names() == ["pod"])
        try await runtime.onNode("podman", ["kill", "pod"]).output()
        for _ in 0..<200 where try await !road.names().isEmpty {
          try await Task.sleep(for: .milliseconds(100))
        }
        try await road.expectNothingRegistered()
      }
    }
  }
}

extension ContainerRuntime {
  /// A verb of `shortcutctl` that changes this runtime's directories.
  fileprivate func installer(_ verb: String, _ arguments: String...) -> Command {
    let places = ["--conf-dir", "\(directory)/net.d", "--bin-dir", "\(directory)/bin"]
    return Command(Products.path("shortcutctl"), [verb] + arguments + places)
  }
}
