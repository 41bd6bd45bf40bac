import JSON
import TestSupport

extension Road {
  typealias Load = (String, [String]) async throws -> JSONValue

  /// Runs a program in pod `server` for the time of `body`, which begins when it listens.
  func withServer(
    _ program: String, _ arguments: [String], port: Int, _ body: () async throws -> Void
  ) async throws {
    let server = Task { try await inside("server", program, arguments).run() }
    defer { server.cancel() }
    let listens = "until ss -ltnH 'sport = :\(port)' | grep -q .; do sleep 0.05; done"
    try await inside("server", "timeout", ["60", "sh", "-c", listens]).output()
    try await body()
  }

  /// A load generator that serves in pod `server`, and calls to it from pod `client`.
  func serving(_ body: (Load) async throws -> Void) async throws {
    let program = Products.path("load-generator")
    let there = try await ["--address", address(of: "server"), "--port", "7200"]
    try await withServer(program, ["serve"] + there, port: 7200) {
      try await body { verb, options in
        let output = try await inside("client", program, [verb] + there + options).output()
        return try JSONValue(parsing: Array(output.utf8))
      }
    }
  }
}
