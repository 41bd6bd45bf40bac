import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// A reader that does not read holds its sender up, as on plain TCP.
  @Suite struct StallTests {
    @Test(arguments: Road.Kind.allCases, [1, 16384, 262144])
    func stalledReaderIsBounded(kind: Road.Kind, writeSize: Int) async throws {
      try await Road.with(kind, pods: ["client", "server"]) { road in
        let sender = try await stall(on: road, writeSize: writeSize)
        #expect(sender["blocked"]?.boolValue == true, "never EAGAIN")
        #expect(sender["writable_cleared"]?.boolValue == true, "EPOLLOUT stays set")
        #expect(sender["writable_again"]?.boolValue == true, "EPOLLOUT never comes back")
        #expect(sender["error"]?.integerValue == 0)
        let accepted = sender["accepted"]?.integerValue ?? .max
        #expect(accepted < Self.bound, "bytes a stalled reader holds")
        #expect(try await road.shortcut.status().shortcutBytes > 0)
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
