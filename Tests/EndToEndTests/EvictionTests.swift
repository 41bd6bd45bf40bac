import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// Who would gain nothing from the sockhash, or be broken by it, is out of it again.
  @Suite struct EvictionTests {
    /// Programs that want a timeout connect without blocking, and block afterwards.
    @Test(arguments: Road.Kind.allCases)
    func programThatBlocksOnceConnectedStaysPlain(kind: Road.Kind) async throws {
      try await Road.with(kind, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        var run = TortureRun(to: address, connections: 700, options: ["--blocking", "--late"])
        run.warmsUp = false
        let verdict = try await run.runWhereRoadHolds(on: road)
        #expect(verdict.isClean, "\(verdict)")
        let status = try await road.shortcut.status()
        #expect(status.pairs == 0)
        #expect(status.refusals["blocking_client"] ?? 0 > 600)
      }
    }

    /// accept(2) gives a blocking socket; most programs change it, and who sends meanwhile sees it.
    @Test func serverThatBlocksForAMomentIsNoBlockingOne() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let program = "\(Products.repository)/Tests/Policy/accept"
        let address = try await road.address(of: "server")
        try await road.withServer(program, ["serve", "7400"], port: 7400) {
          try await road.inside("client", program, ["call", address, "7400", "100"]).output()
        }
        let status = try await road.shortcut.status()
        #expect(status.evictions["blocking"] == 0)
        #expect(status.pairs >= 95)
        #expect(status.shortcutBytes > 100 << 16)
      }
    }

    @Test func endThatShutsItsSendingSideDownFirstIsEvicted() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        let verdict = try await TortureRun(to: address).run(on: road)
        #expect(verdict.isClean, "\(verdict)")
        let status = try await road.shortcut.status()
        #expect(status.evictions["half_closed"] ?? 0 > 0)
      }
    }

    @Test(arguments: Road.Kind.allCases)
    func smallStreamTakesBothItsEndsOut(kind: Road.Kind) async throws {
      try await Road.with(kind, pods: ["client", "server"]) { road in
        try await road.serving { load in
          _ = try await load("ping", ["--seconds", "0.1"])
          let before = try await road.shortcut.status()
          // Opens another connection first, which exchanges a few bytes.
          let report = try await load("stream", ["--size", "16"])
          #expect(report["bytes"]?.integerValue ?? 0 > 100_000)
          let after = try await road.shortcut.status()
          #expect(after.evictions["small"] == 2)
          #expect(after.shortcutBytes - before.shortcutBytes < 20_000)
        }
      }
    }

    /// Pairing costs them more than it brings.
    @Test func connectionsOfOneRequestAreOnlySampled() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await road.serving { load in
          _ = try await load("ping", ["--seconds", "0.1"])
          let report = try await load("connect", ["--size", "64"])
          let count = Int(report["connections"]?.integerValue ?? 0)
          let short = try await road.shortcut.status()
          #expect(short.refusals["short_lived"] ?? 0 > count / 2, "of \(count)")
          #expect(short.pairs < count / 4)
          try await Task.sleep(for: .milliseconds(100))
          _ = try await load("ping", ["--seconds", "0.1"])
          _ = try await load("ping", ["--seconds", "0.1"])
          let long = try await road.shortcut.status()
          #expect(long.pairs >= short.pairs + 2, "a sample shows that they live longer now")
        }
      }
    }

    @Test func clientsOfAKnownSplicerStayPlain() async throws {
      let name = ["--splicing-programs", "load-generator"]
      try await Road.with(.bridge, pods: ["client", "server"], options: name) { road in
        try await road.serving { load in
          for _ in 0..<3 { _ = try await load("ping", ["--seconds", "0.1"]) }
          let status = try await road.shortcut.status()
          #expect(status.pairs == 0)
          #expect(status.refusals["splicer"] ?? 0 > 0)
        }
      }
    }
  }
}
