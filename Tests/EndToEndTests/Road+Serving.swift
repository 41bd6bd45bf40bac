import JSON
import TestSupport

extension Road {
  typealias Load = (String, [String]) async throws -> JSONValue

  /// A load generator that serves in pod `server`, and calls to it from pod `client`.
  func serving(_ body: (Load) async throws -> Void) async throws {
    let program = Products.path("load-generator")
    let there = try await ["--address", address(of: "server"), "--port", "7200"]
    let server = Task { try await inside("server", program, ["serve"] + there).run() }
    defer { server.cancel() }
    let listens = "until ss -ltnH 'sport = :7200' | grep -q .; do sleep 0.05; done"
    try await inside("server", "timeout", ["60", "sh", "-c", listens]).output()
    try await body { verb, options in
      let output = try await inside("client", program, [verb] + there + options).output()
      return try JSONValue(parsing: Array(output.utf8))
    }
  }
}
