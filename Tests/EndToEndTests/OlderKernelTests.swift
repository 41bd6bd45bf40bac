import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// What newer kernels have is done without on older ones: the same bytes, the same bound.
  @Suite struct OlderKernelTests {
    @Test func everyByteArrivesWithoutWhatOlderKernelsLack() async throws {
      try await Road.with(.bridge) { road in
        let address = try await loadAndAdd(on: road)
        let run = TortureRun(to: address, connections: 700, seed: 6)
        let verdict = try await run.run(on: road)
        #expect(verdict.isClean, "\(verdict)")
        let status = try await road.shortcut.status()
        #expect(status.settled == 700)
        #expect(status.shortcutBytes > verdict.bytes / 5, "of \(verdict.bytes)")
      }
    }

    /// Bytes and messages are counted since the queue was last empty.
    @Test(arguments: [200, 16384, 262144])
    func countedQueueIsBounded(writeSize: Int) async throws {
      try await Road.with(.bridge) { road in
        let address = try await loadAndAdd(on: road, shortcut: "all")
        let program = Products.path("torture")
        async let reader = road.inside(
          "server", program, ["stall", "--listen", "::", "--port", "7000", "--idle", "20"]
        ).run()
        let sender = try await road.inside(
          "client", program,
          ["stall", "--to", address, "--port", "7000", "--write-size", "\(writeSize)"]
        ).run()
        #expect(try await reader.isSuccess)
        let report = try JSONValue(parsing: Array(sender.output.utf8))
        #expect(report["blocked"]?.boolValue == true, "never EAGAIN")
        #expect(report["writable_again"]?.boolValue == true, "EPOLLOUT never comes back")
        #expect(report["accepted"]?.integerValue ?? .max < 20 << 20)
        #expect(try await road.shortcut.status().shortcutBytes > 0)
      }
    }

    /// The server's address.
    private func loadAndAdd(
      on road: Road, shortcut annotation: String? = nil
    ) async throws -> String {
      let told = try await road.shortcut.loadAsOlderKernel(on: road.cgroup())
      #expect(told == "peers read by shortcut_probed, queues accounted by the kernel: false\n")
      for pod in ["client", "server"] { try await road.addPod(pod, shortcut: annotation) }
      return try await road.address(of: "server")
    }
  }
}
