import TestSupport
import Testing

/// `Tests/Bench/run` and what draws its report are Python.
@Suite struct ScriptTests {
  @Test func scriptsPassTheirOwnTests() async throws {
    let verdict = try await Command("\(Products.repository)/Tests/Bench/self-test").run()
    #expect(verdict.isSuccess, "\(verdict)")
  }
}
