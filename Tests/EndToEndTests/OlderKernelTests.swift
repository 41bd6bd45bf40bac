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

    /// Bytes are counted since the queue was last empty. This kernel charges them to the receiver as
    /// well, and the count is added to that: so half as many wait as where it is not counted.
    @Test(arguments: [4096, 16384]) func countedQueueIsBounded(writeSize: Int) async throws {
      var (charged, counted) = (0, 0)
      try await Road.with(.bridge, pods: ["client", "server"], shortcut: "all") { road in
        charged = try await stall(on: road, writeSize: writeSize)
      }
      try await Road.with(.bridge) { road in
        _ = try await loadAndAdd(on: road, shortcut: "all")
        counted = try await stall(on: road, writeSize: writeSize)
      }
      #expect(counted > 0)
      #expect(counted * 2 <= charged + writeSize, "of \(charged) bytes")
    }

    /// Bytes that wait for a reader that does not read; it reads them all in the end.
    private func stall(on road: Road, writeSize: Int) async throws -> Int {
      let address = try await road.address(of: "server")
      let program = Products.path("torture")
      async let reader = road.inside(
        "server", program, ["stall", "--listen", "::", "--port", "7000", "--idle", "20"]
      ).run()
      async let sender = road.inside(
        "client", program,
        ["stall", "--to", address, "--port", "7000", "--write-size", "\(writeSize)", "--hold", "8"]
      ).run()
      let waiting = try await waitingBytes(on: road)
      #expect(try await reader.isSuccess)
      let report = try await JSONValue(parsing: Array(sender.output.utf8))
      #expect(report["blocked"]?.boolValue == true, "never EAGAIN")
      #expect(report["writable_again"]?.boolValue == true, "EPOLLOUT never comes back")
      return waiting
    }

    /// What was redirected once nothing more is.
    private func waitingBytes(on road: Road) async throws -> Int {
      var bytes = 0
      for _ in 0..<40 {
        try await Task.sleep(for: .milliseconds(500))
        let now = try await road.shortcut.status().shortcutBytes
        if now > 0 && now == bytes { return now }
        bytes = now
      }
      return bytes
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
