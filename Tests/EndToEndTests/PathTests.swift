import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// Whatever lies between two ends, they find each other; and none but each other.
  @Suite struct PathTests {
    @Test(arguments: [4, 6]) func loopbackInsideAPodPairs(family: Int) async throws {
      try await Road.with(.bridge, pods: ["client"]) { road in
        let run = TortureRun(server: "client", to: family == 4 ? "127.0.0.1" : "::1")
        try await expectAllPaired(run, on: road)
      }
    }

    @Test func redirectToASidecarPairs() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await road.redirect(in: "client", chain: "OUTPUT", from: 7001, to: 15001)
        let address = try await road.address(of: "server")
        let run = TortureRun(server: "client", to: address, toPort: 7001, port: 15001)
        try await expectAllPaired(run, on: road)
      }
    }

    @Test(arguments: Road.Kind.allCases)
    func redirectAtTheServerPairs(kind: Road.Kind) async throws {
      try await Road.with(kind, pods: ["client", "server"]) { road in
        try await road.redirect(in: "server", chain: "PREROUTING", from: 7001, to: 15006)
        let address = try await road.address(of: "server")
        try await expectAllPaired(
          TortureRun(to: address, toPort: 7001, port: 15006), on: road)
      }
    }

    @Test(arguments: Road.Kind.allCases, [4, 6])
    func serviceAddressPairs(kind: Road.Kind, family: Int) async throws {
      try await Road.with(kind, pods: ["client", "server"]) { road in
        let service = family == 4 ? "10.96.0.10" : "fd00:10:96::10"
        let endpoint = family == 4 ? "\(service):80" : "[\(service)]:80"
        try await road.verb("balance", endpoint, "server:7000")
        try await expectAllPaired(TortureRun(to: service, toPort: 80), on: road)
      }
    }

    @Test(arguments: Road.Kind.allCases)
    func sameAddressInTwoNetworksNeverCrosses(kind: Road.Kind) async throws {
      try await Road.with(kind, pods: ["client", "server"]) { road in
        try await road.addPod("client1", network: 1)
        try await road.addPod("server1", network: 1)
        let address = try await road.address(of: "server")
        #expect(try await road.address(of: "server1") == address)
        let first = TortureRun(to: address, connections: 500, seed: 10)
        let second = TortureRun(
          client: "client1", server: "server1", to: address, connections: 500, seed: 20)
        async let other = second.runWhereRoadHolds(on: road)
        let verdicts = try await (first.runWhereRoadHolds(on: road), other)
        #expect(verdicts.0.isClean, "\(verdicts.0)")
        #expect(verdicts.1.isClean, "\(verdicts.1)")
        // Equal addresses and ports can lead to equal sequence numbers; both then stay plain.
        let status = try await road.shortcut.status()
        let ambiguous = status.refusals["ambiguous"] ?? 0
        #expect(status.settled + 2 * ambiguous >= 1000)
        #expect(ambiguous < 20)
      }
    }

    /// The kernel derives sequence numbers from addresses, ports and a clock of 64 ns.
    ///
    /// Clients that the datapath does not see, as those of a raw socket, do not say that they are there:
    /// their servers must not take the others' clients.
    @Test(arguments: [true, false])
    func equalSequenceNumbersInTwoNetworksNeverCross(seesAllClients: Bool) async throws {
      let all = ["--pair-short-lived"]
      try await Road.with(.bridge, pods: ["client", "server"], options: all) { road in
        try await road.addPod("client1", network: 1)
        try await road.addPod("server1", network: 1)
        let namespaces = ["client", "server", "client1", "server1"]
          .map { "\(road.directory)/netns/\($0)" }
        let address = try await road.address(of: "server")
        let unseen = seesAllClients ? [] : ["\(try ControlGroup.root().path)/cgroup.procs"]
        let verdict = try await road.inside(
          "client", Products.path("collide"), ["20000", address] + namespaces + unseen
        ).run()
        #expect(verdict.isSuccess, "\(verdict)")
        let status = try await road.shortcut.status()
        #expect(status.refusals["ambiguous"] ?? 0 > 0, "no two had equal numbers: nothing tested")
        #expect(status.pairs > (seesAllClients ? 30000 : 15000))
      }
    }
  }
}

private func expectAllPaired(_ run: TortureRun, on road: Road) async throws {
  let verdict = try await run.run(on: road)
  #expect(verdict.isClean, "\(verdict)")
  let status = try await road.shortcut.status()
  #expect(status.settled == run.connections)
  #expect(status.shortcutBytes > verdict.bytes / 4, "of \(verdict.bytes)")
}

extension Road {
  /// iptables REDIRECT inside a pod, for both families.
  func redirect(in pod: String, chain: String, from: Int, to: Int) async throws {
    for tables in ["iptables", "ip6tables"] {
      try await inside(
        pod, tables,
        [
          "-w", "-t", "nat", "-A", chain, "-p", "tcp", "--dport", "\(from)", "-j", "REDIRECT",
          "--to-ports", "\(to)",
        ]
      ).output()
    }
  }
}
