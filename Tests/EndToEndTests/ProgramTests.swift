import TestSupport
import Testing

extension EndToEnd {
  /// Real programs do the same over the shortcut as over plain TCP.
  @Suite struct ProgramTests {
    @Test(arguments: Road.Kind.allCases)
    func nginxServesTheSame(kind: Road.Kind) async throws {
      try await expectTheSame("nginx", on: kind)
    }

    @Test(arguments: Road.Kind.allCases)
    func redisKeepsTheSame(kind: Road.Kind) async throws {
      try await expectTheSame("redis", on: kind)
    }

    @Test func haproxySplicesTheSame() async throws {
      try await expectTheSame("haproxy", on: .bridge)
    }

    @Test func postgresCommitsTheSame() async throws {
      try await expectTheSame("postgres", on: .bridge)
    }

    @Test func iperf3MovesTheSame() async throws {
      try await expectTheSame("iperf3", on: .bridge)
    }

    @Test func curlUploadsTheSame() async throws {
      try await expectTheSame("curl", on: .bridge)
    }

    @Test func asyncioEchoesTheSame() async throws {
      try await expectTheSame("asyncio", on: .bridge)
    }

    @Test func goCopiesTheSame() async throws {
      try await expectTheSame("go", on: .bridge)
    }

    @Test func goServesTheSame() async throws {
      try await expectTheSame("goserver", on: .bridge)
    }

    @Test(arguments: ["true", "all"])
    func pythonPassesTheSameTests(annotation: String) async throws {
      try await expectTheSame("cpython", on: .bridge, annotation: annotation)
    }
  }
}

/// Prints the table, which also says what could not run.
private func expectTheSame(
  _ program: String, on kind: Road.Kind, annotation: String? = nil
) async throws {
  let run = Command(
    "\(Products.repository)/Tests/Programs/run",
    ["--road", kind.rawValue, "--filter", program, "--bin", Products.directory]
      + (annotation.map { ["--annotation", $0] } ?? []))
  let completion = try await run.run()
  print(completion.output)
  #expect(completion.isSuccess, "\(completion)")
}
