import CNI
import JSON
import TestSupport
import Testing

extension PodCall {
  /// Runs the plugin; it must succeed, print what the verb prints and nothing else.
  func expect(
    _ verb: CNI.Command, lines: Int = 0, at location: SourceLocation = #_sourceLocation
  ) async throws {
    try expect(verb, try await command(verb).run(), lines: lines, at: location)
  }

  /// The same, of a call that was run in another way.
  func expect(
    _ verb: CNI.Command, _ completion: Completion, lines: Int = 0,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(completion.isSuccess, "\(completion)", sourceLocation: location)
    #expect(
      completion.output == (verb == .add ? previousResult : ""), sourceLocation: location)
    #expect(
      completion.error.split(separator: "\n").count == lines, "\(completion.error)",
      sourceLocation: location)
  }

  /// Runs the plugin, which must fail with one document; that document.
  func failure(_ verb: CNI.Command) async throws -> JSONValue {
    let completion = try await command(verb).run()
    #expect(completion.end == .exited(1))
    return try JSONValue(parsing: Array(completion.output.utf8))
  }
}
