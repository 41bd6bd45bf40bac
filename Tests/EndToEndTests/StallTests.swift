import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// A reader that does not read holds its sender up, as on plain TCP.
  @Suite struct StallTests {
    @Test(arguments: Road.Kind.allCases, [1, 200, 16384, 262144])
    func stalledReaderIsBounded(kind: Road.Kind, writeSize: Int) async throws {
      // A single connection: "all" needs none before it that would teach what the server accepts.
      try await Road.with(kind, pods: ["client", "server"], shortcut: "all") { road in
        let sender = try await stall(on: road, writeSize: writeSize)
        #expect(sender["blocked"]?.boolValue == true, "never EAGAIN")
        #expect(sender["writable_cleared"]?.boolValue == true, "EPOLLOUT stays set")
        #expect(sender["writable_again"]?.boolValue == true, "EPOLLOUT never comes back")
        #expect(sender["error"]?.integerValue == 0)
        let accepted = sender["accepted"]?.integerValue ?? .max
        #expect(accepted < Self.bound, "bytes a stalled reader holds")
        // Nobody answers it, so a small stream stays on the stack; how small depends on the road. Of
        // 200 bytes the bound is a number of messages.
        guard writeSize >= (kind == .ovn ? 512 : 192) else { return }
        #expect(try await road.shortcut.status().shortcutBytes > 0)
      }
    }

    /// Redirected bytes count against the receive buffer; what then comes over the stack must still
    /// find room, or it is dropped and only a timer brings it again.
    @Test(arguments: [49152, 262144])
    func receiveBufferOfTheProgramCausesNoTimeouts(size: Int) async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let address = try await road.address(of: "server")
        let buffer = ["--receive-buffer", "\(size)"]
        let options = ["--calm", "--parallel", "1", "--max-bytes", "8000000"]
        let run = TortureRun(
          to: address, connections: 20, seed: 3, options: options + buffer,
          serverOptions: buffer)
        let verdict = try await run.run(on: road)
        #expect(verdict.isClean, "\(verdict)")
        let timeouts = try await road.timeouts(of: ["client", "server"])
        // Of 20 connections; a buffer without room for the stack costs several each.
        #expect(timeouts < 4)
      }
    }

    /// Twice what the buffers of plain TCP may take (`tcp_wmem` and `tcp_rmem` maxima).
    private static let bound: Int64 = 20 << 20

    private func stall(on road: Road, writeSize: Int) async throws -> JSONValue {
      let program = Products.path("torture")
      let address = try await road.address(of: "server")
      async let reader = road.inside(
        "server", program, ["stall", "--listen", "::", "--port", "7000", "--idle", "20"]
      ).run()
      let sender = try await road.inside(
        "client", program,
        ["stall", "--to", address, "--port", "7000", "--write-size", "\(writeSize)"]
      ).run()
      let drained = try await reader
      #expect(drained.isSuccess, "\(drained)")
      #expect(sender.isSuccess, "\(sender)")
      return try JSONValue(parsing: Array(sender.output.utf8))
    }
  }
}

extension Road {
  /// Retransmission timers that went off in these pods.
  fileprivate func timeouts(of pods: [String]) async throws -> Int {
    var sum = 0
    for pod in pods {
      let table = try await inside(pod, "nstat", ["-asz", "TcpExtTCPTimeouts"]).output()
      let words = table.split { $0 == " " || $0.isNewline }
      let value = words.firstIndex(of: "TcpExtTCPTimeouts").map { words[words.index(after: $0)] }
      sum += Int(value ?? "") ?? 0
    }
    return sum
  }
}
