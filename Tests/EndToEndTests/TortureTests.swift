import TestSupport
import Testing

extension EndToEnd {
  @Suite struct TortureTests {
    @Test(arguments: Road.Kind.allCases)
    func everyByteArrivesAndTheShortcutCarriesThem(kind: Road.Kind) async throws {
      try await Road.with(kind, pods: ["client", "server"]) { road in
        let address4 = try await road.address(of: "server")
        let address6 = try await road.address(of: "server", family: 6)
        var bytes = 0
        for index in 0..<9 {
          let address = [address4, address6, "::ffff:\(address4)"][index % 3]
          let run = TortureRun(to: address, port: 7000 + index, connections: 560, seed: index)
          let verdict = try await run.runWhereRoadHolds(on: road)
          #expect(verdict.isClean, "\(address): \(verdict)")
          #expect(verdict.client.completed == 560)
          bytes += verdict.bytes
        }
        let status = try await road.shortcut.status()
        // On a busy machine a few may come before it is learned what their server accepts.
        #expect(status.settled > 5040 * 99 / 100, "\(status.refusals)")
        #expect(status.joins > 5040)
        #expect(status.shortcutBytes > bytes / 5, "of \(bytes)")
      }
    }

    /// A burst that its reader has not drained keeps what follows on the stack; turn-taking does not.
    @Test func turnTakingTakesTheShortcut() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        let turns = ["--lockstep", "8192", "--rate", "4000000", "--seconds", "0.05"]
        let run = TortureRun(
          to: address, connections: 5000, options: turns + ["--parallel", "32"])
        let verdict = try await run.run(on: road)
        #expect(verdict.isClean, "\(verdict)")
        let status = try await road.shortcut.status()
        #expect(status.shortcutBytes * 10 >= verdict.bytes * 9, "of \(verdict.bytes)")
      }
    }

    /// What is not known to be safe is plain TCP from the first byte to the last.
    @Test(arguments: Road.Kind.allCases)
    func blockingSocketsStayPlainAndWhole(kind: Road.Kind) async throws {
      try await Road.with(kind, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        for seed in 0..<9 {
          let run = TortureRun(
            to: address, port: 7000 + seed, connections: 560, seed: seed, options: ["--blocking"],
            serverOptions: ["--blocking"])
          let verdict = try await run.runWhereRoadHolds(on: road)
          #expect(verdict.isClean, "\(verdict)")
        }
        #expect(try await road.shortcut.status().pairs == 0)
      }
    }

    @Test(arguments: Road.Kind.allCases)
    func joinWithoutProofIsCaught(kind: Road.Kind) async throws {
      try await Road.with(kind) { road in
        try await road.shortcut.loadWithFault(on: road.cgroup())
        for pod in ["client", "server"] { try await road.addPod(pod) }
        let address = try await road.address(of: "server")
        let run = TortureRun(
          to: address, connections: 700, options: ["--deadline", "5"],
          serverOptions: ["--deadline", "5"])
        let verdict = try await run.run(on: road)
        #expect(!verdict.isClean)
        #expect("\(verdict)".contains("the bytes found there belong at offset"))
        #expect(!verdict.isOfTheRoad)
      }
    }

    /// Else none of the other verdicts means anything.
    @Test(arguments: ["swap", "lose", "flip", "short", "extra"])
    func falsifiedBytesAreCaught(how: String) async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        let run = TortureRun(
          to: address, options: ["--corrupt", how, "--deadline", "3"],
          serverOptions: ["--deadline", "3"])
        let verdict = try await run.run(on: road)
        #expect(!verdict.server.isClean)
        #expect(!verdict.isOfTheRoad)
      }
    }

    /// What hangs because packets are dropped is told from what hangs because bytes were lost.
    @Test func whatTheRoadCutsOffIsKnownAsThat() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await road.verb("deny", "client", "server")
        let address = try await road.address(of: "server")
        var run = TortureRun(to: address, connections: 2, options: ["--deadline", "10"])
        run.warmsUp = false
        let verdict = try await run.run(on: road)
        #expect(!verdict.isClean)
        #expect(verdict.isOfTheRoad, "\(verdict)")
      }
    }
  }
}
