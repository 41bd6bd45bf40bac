import TestSupport
import Testing

extension EndToEnd {
  /// A program is told the same over a shortened connection as over plain TCP.
  @Suite struct CompatTests {
    @Test func nothingDiffersFromPlainTCPButWhatIsDocumented() async throws {
      let runner = "\(Products.repository)/Tests/Compat/run"
      let result = try await Command(runner, ["--check", "--bin", Products.directory]).run()
      #expect(result.isSuccess, "\(result.end)\n\(result.output)\n\(result.error)")
    }
  }
}
