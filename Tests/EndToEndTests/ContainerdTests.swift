import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// What only a runtime of Kubernetes hands over, and does.
  @Suite(.needsRuntimes) struct ContainerdTests {
    @Test func annotationsDecideWhichPodTakesPart() async throws {
      try await withRuntime(.containerd, .ptp) { runtime, road in
        let pods = [
          "all": ["--annotation", "ovn.kubernetes.io/tcp_shortcut=all"],
          "client": [],
          "declined": ["--annotation", "ovn.kubernetes.io/tcp_shortcut=false"],
          "limited": ["--annotation", "kubernetes.io/egress-bandwidth=10M"],
        ]
        try await forAll(pods.keys) { try await runtime.addPod($0, options: pods[$0] ?? []) }
        #expect(try await road.names() == ["all", "client", "declined", "limited"])
        #expect(
          try await road.pods("sockets") == ["all", "nonblocking", "nonblocking", "nonblocking"])
        #expect(try await road.pods("enabled") == ["true", "true", "false", "false"])
        try await expectPlain(from: "client", to: "declined", in: runtime, on: road)
      }
    }

    @Test func podIsKnownByWhatKubeletTells() async throws {
      try await expectKnown(by: nil)
    }

    /// The machine's own may be too old to tell the cgroup.
    @Test(.needsNewerContainerd) func podIsKnownByWhatANewerDaemonTells() async throws {
      try await expectKnown(by: await newerContainerd())
    }

    private func expectKnown(by daemon: String?) async throws {
      try await withRuntime(.containerd, .ptp, daemon: daemon) { runtime, road in
        let identifier = try await runtime.addPod("pod")
        #expect(try await road.pods("namespace") == ["default"])
        #expect(try await road.pods("uid") == ["uid-of-pod"])
        #expect(try await road.pods("container_id") == [identifier])
        let addresses = try await road.shortcut.pods().first?["addresses"]?.elements ?? []
        for family in [4, 6] {
          let address = try await runtime.address(of: "pod", family: family)
          #expect(addresses.contains(.string(address)))
        }
        let cgroup = try await road.shortcut.pods().first?["cgroup"]?.stringValue
        let passesControlGroup = try await !runtime.version().hasPrefix("1.6.")
        #expect(passesControlGroup || daemon == nil)
        #expect(passesControlGroup == (cgroup?.hasSuffix("/pods/pod") == true), "\(cgroup ?? "")")
      }
    }

    /// libcni reads what it cached and the list as it is now; nothing of ours is in the daemon.
    @Test func podsOfAKilledDaemonAreForgottenByTheNext() async throws {
      try await withRuntime(.containerd, .ptp) { runtime, road in
        let pods = (0..<6).map { "pod\($0)" }
        try await forAll(pods) { try await runtime.addPod($0) }
        #expect(try await road.names() == pods)
        try await runtime.restart()
        #expect(try await road.names() == pods)
        try await forAll(pods) { pod in
          try await runtime.stop(pod)
          try await runtime.remove(pod)
        }
        try await road.expectNothingRegistered()
      }
    }
  }
}

private func forAll(
  _ pods: some Collection<String>, _ body: @escaping @Sendable (String) async throws -> Void
) async throws {
  try await withThrowingTaskGroup { group in
    for pod in pods { group.addTask { try await body(pod) } }
    try await group.waitForAll()
  }
}

private func expectPlain(
  from client: String, to server: String, in runtime: ContainerRuntime, on road: Road
) async throws {
  let run = try await TortureRun(
    client: client, server: server, to: runtime.address(of: server), connections: 50)
  let verdict = try await run.run(on: runtime)
  #expect(verdict.isClean, "\(verdict)")
  let status = try await road.shortcut.status()
  #expect(status.pairs == 0)
  #expect(status.shortcutBytes == 0)
}
