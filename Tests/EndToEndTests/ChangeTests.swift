import TestSupport
import Testing

extension EndToEnd {
  /// What changes while connections are busy costs them no byte.
  @Suite struct ChangeTests {
    private static let ways: [[String]] = [[], ["--lockstep", "4096"], ["--calm"]]

    @Test(arguments: Road.Kind.allCases, ways)
    func unloadUnderTrafficLosesNothing(kind: Road.Kind, options: [String]) async throws {
      try await Road.with(kind, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        let run = TortureRun.lasting(to: address, seconds: 4, options: options)
        async let traffic = run.run(on: road)
        try await road.waitForTraffic()
        try await road.shortcut.unload()
        #expect(try await !road.shortcut.status().isLoaded)
        let verdict = try await traffic
        #expect(verdict.isClean, "\(verdict)")
      }
    }

    @Test(arguments: Road.Kind.allCases, ["client", "server"])
    func deletedPodsConnectionsLeaveAndGoOn(kind: Road.Kind, pod: String) async throws {
      try await Road.with(kind, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        let run = TortureRun.lasting(to: address, seconds: 4)
        async let traffic = run.run(on: road)
        try await road.waitForTraffic()
        try await PluginCall(.delete, pod: pod, on: road).command.output()
        let after = try await road.waitForLeaves("policy")
        try await Task.sleep(for: .milliseconds(300))
        let later = try await road.shortcut.status()
        #expect(later.stackBytes > after.stackBytes)
        #expect(later.shortcutBytes == after.shortcutBytes)
        let verdict = try await traffic
        #expect(verdict.isClean, "\(verdict)")
      }
    }

    @Test func loadUnderTrafficDisturbsNothing() async throws {
      try await Road.with(.bridge) { road in
        for pod in ["client", "server"] { try await road.addPod(pod) }
        let address = try await road.address(of: "server")
        async let traffic = TortureRun.lasting(to: address, seconds: 3).run(on: road)
        try await road.load()
        let verdict = try await traffic
        #expect(verdict.isClean, "\(verdict)")
      }
    }
  }
}

extension Road {
  /// Returns when live connections use the shortcut.
  func waitForTraffic() async throws {
    try await wait { $0.joins >= 2 && $0.shortcutBytes > 1 << 20 }
  }

  /// Returns the first status in which all eight directions have left for a reason.
  fileprivate func waitForLeaves(_ reason: String) async throws -> StatusReport {
    try await wait { $0.leaves[reason] ?? 0 > 0 }
    try await Task.sleep(for: .milliseconds(500))
    return try await shortcut.status()
  }

  private func wait(until condition: (StatusReport) -> Bool) async throws {
    for _ in 0..<200 {
      let status = try await shortcut.status()
      if condition(status) { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw NeverHappened(status: try await shortcut.status())
  }
}

private struct NeverHappened: Error {
  var status: StatusReport
}
