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

    /// Nothing is redirected to it; yet being in the sockhash alone makes a blocking `recv` return
    /// EAGAIN, and whether a server blocks is not known before it is accepted.
    @Test func blockingServerNoticesNothing() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        let run = TortureRun(to: address, serverOptions: ["--blocking"])
        let verdict = try await run.run(on: road)
        withKnownIssue("a blocking server is put into the sockhash", isIntermittent: true) {
          #expect(verdict.isClean, "\(verdict)")
        }
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
