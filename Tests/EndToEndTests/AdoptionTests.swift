import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// Pods of a real runtime that are older than the datapath.
  @Suite(.needsRuntimes) struct AdoptionTests {
    static let pods = [
      "all": ["--annotation", "ovn.kubernetes.io/tcp_shortcut=all"],
      "client": [],
      "declined": ["--annotation", "ovn.kubernetes.io/tcp_shortcut=false"],
      "limited": ["--annotation", "kubernetes.io/ingress-bandwidth=10M"],
      "server": ["--annotation", "ovn.kubernetes.io/logical_router=vpc0"],
    ]

    /// What is connected stays as it is, byte for byte; what connects then is shortened.
    @Test func olderPodsTakePartAsTheirAnnotationsSay() async throws {
      try await Road.with(.ovn) { road in
        try await ContainerRuntime.with(.containerd, on: road) { runtime in
          for (pod, options) in Self.pods.sorted(by: { $0.key < $1.key }) {
            try await runtime.addPod(pod, options: options)
          }
          let address = try await runtime.address(of: "server")
          let slow = ["--parallel", "4", "--rate", "1000000", "--seconds", "25"]
          let open = TortureRun(to: address, connections: 4, options: slow)
          let old = Task { try await open.run(on: runtime) }
          defer { old.cancel() }
          try await Task.sleep(for: .seconds(5))
          try await road.load()
          let socket = "\(runtime.directory)/containerd.sock"
          try await road.withAgent(
            beside: runtime, options: ["--runtime", socket],
            prefix: AgentRun.confined(to: CapabilityTests.ofTheContainer)
          ) { agent in
            try await road.expectAdopted(agent)
            let verdict = try await old.value
            #expect(verdict.isClean, "\(verdict)")
            let status = try await road.shortcut.status()
            #expect(status.pairs == 0)
            #expect(status.shortcutBytes + status.stackBytes == 0)
            let run = TortureRun(to: address, port: 7001, connections: 50)
            try await run.expectShortened(in: runtime, on: road)
            for pod in Self.pods.keys { try await runtime.stop(pod) }
            for _ in 0..<200 where try await !road.names().isEmpty {
              try await Task.sleep(for: .milliseconds(100))
            }
            #expect(try await road.names() == [])
          }
        }
      }
    }
  }
}

extension Road {
  fileprivate func expectAdopted(_ agent: AgentRun) async throws {
    for _ in 0..<200 where try await names().count < 3 {
      try await Task.sleep(for: .milliseconds(100))
    }
    let log = try agent.log()
    #expect(try await names() == ["all", "client", "server"], "\(log)")
    #expect(try await pods("sockets") == ["all", "nonblocking", "nonblocking"])
    let domains = try await shortcut.pods().compactMap { $0["domain"]?.integerValue }
    #expect(domains.count == 1)
  }
}
