import TestSupport
import Testing

extension EndToEnd {
  /// Who was not allowed stays plain TCP, and works.
  @Suite struct RefusalTests {
    @Test(arguments: Road.Kind.allCases, ["client", "server"])
    func podDisabledByAnnotationNeverPairs(kind: Road.Kind, disabled: String) async throws {
      try await Road.with(kind) { road in
        try await road.load()
        for pod in ["client", "server"] {
          try await road.addPod(pod, shortcut: pod == disabled ? "false" : nil)
        }
        let address = try await road.address(of: "server")
        let verdict = try await TortureRun(to: address).run(on: road)
        #expect(verdict.isClean, "\(verdict)")
        try await expectNothingShortened(on: road)
      }
    }

    @Test func clientOfTheNodeNeverPairs() async throws {
      try await Road.with(.bridge, pods: ["server"]) { road in
        let address = try await road.address(of: "server")
        let verdict = try await TortureRun(to: address).runFromNode(on: road)
        #expect(verdict.isClean, "\(verdict)")
        try await expectNothingShortened(on: road)
      }
    }

    /// As every connection that leaves the node: its server is no pod here.
    @Test func serverOutsideThePodsNeverPairs() async throws {
      try await Road.with(.bridge, pods: ["client"]) { road in
        let verdict = try await TortureRun(to: "10.16.0.1").runToNode(on: road)
        #expect(verdict.isClean, "\(verdict)")
        try await expectNothingShortened(on: road)
        #expect(try await road.shortcut.status().refusals["unpaired"] == 0)
      }
    }

    @Test func blockingClientStaysPlain() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        let run = TortureRun(to: address, options: ["--blocking"])
        let verdict = try await run.run(on: road)
        #expect(verdict.isClean, "\(verdict)")
        try await expectNothingShortened(on: road)
        let status = try await road.shortcut.status()
        #expect(status.refusals["blocking_client"] == run.connections)
      }
    }

    /// Being in the sockhash alone would make its blocking `recv` return EAGAIN.
    @Test func serverOfABlockingListenerStaysPlain() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        let run = TortureRun(to: address, serverOptions: ["--blocking"])
        let verdict = try await run.run(on: road)
        #expect(verdict.isClean, "\(verdict)")
        try await expectNothingShortened(on: road)
        let status = try await road.shortcut.status()
        #expect(status.refusals["blocking_server"] == run.connections)
      }
    }
  }
}

private func expectNothingShortened(on road: Road) async throws {
  let status = try await road.shortcut.status()
  #expect(status.pairs == 0)
  #expect(status.joins == 0)
  #expect(status.shortcutMessages == 0)
}
