import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct FuzzTests {
  @Test func decodersWithstandTheCorpusAndItsMutations() async throws {
    let fuzz = "\(Products.repository)/Tests/Fuzz/fuzz"
    let completion = try await Command(fuzz, ["--seconds", "15"]).run()
    #expect(completion.isSuccess, "\(completion)")
    #expect(completion.error.contains("DONE"))
  }
}
