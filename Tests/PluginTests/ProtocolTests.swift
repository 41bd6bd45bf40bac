import JSON
import TestSupport
import Testing

/// The plugin itself, as a runtime runs it, measured by the reference implementation.
@Suite struct ProtocolTests {
  @Test(arguments: try ReferenceCase.all())
  func callIsAnsweredAsByTheReference(_ test: ReferenceCase) async throws {
    let expected = test.answer ?? test.reference
    let completion = try await Command.plugin(test.variables, input: test.input).run()
    #expect(completion.end == .exited(Int32(expected.status)))
    try expectOutput(completion.output, expected)
    if let diagnostics = expected.diagnostics { #expect(completion.error.hasSuffix(diagnostics)) }
  }

  @Test func tableHasEveryCase() throws {
    let cases = try ReferenceCase.all()
    #expect(cases.count == 68)
    #expect(Set(cases.map(\.description)).count == 68)
  }

  @Test func onlyDeliberateImprovementsDiffer() throws {
    let differing = try ReferenceCase.all().filter { $0.improvement != nil || $0.answer != nil }
    #expect(differing.allSatisfy { $0.improvement != nil && $0.answer != nil })
    let names = Dictionary(grouping: differing) { $0.improvement }
      .mapValues { $0.map(\.description) }
    #expect(
      names == [
        .missingResultHasACode: [
          "name in capitals", "ADD without prevResult", "ADD, prevResult is null",
        ],
        .resultIsPassedOn: [
          "ADD, prevResult of another version",
          "ADD, prevResult with an address without prefix length", "ADD, version 0.3.0",
          "ADD, version 0.3.1", "ADD, version 0.4.0", "ADD, version 1.0.0", "ADD, version 1.1.0",
        ],
        .namespaceIsCheckedFirst: ["ADD, the node's namespace"],
      ])
  }

  /// The improvement that the table does not name: it concerns every error, not single cases.
  @Test func everyErrorCarriesTheVersion() async throws {
    var errors = 0
    for test in try ReferenceCase.all() where (test.answer ?? test.reference).error != nil {
      let completion = try await Command.plugin(test.variables, input: test.input).run()
      let document = try JSONValue(parsing: Array(completion.output.utf8))
      let version = document["cniVersion"]?.stringValue
      let isServed = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"].contains(version)
      #expect(isServed, "\(test): \(version ?? "none")")
      errors += 1
    }
    #expect(errors > 30)
  }

  @Test func resultThatIsPassedOnHasAllThatTheReferencePrints() throws {
    for test in try ReferenceCase.all() where test.improvement == .resultIsPassedOn {
      guard let reference = test.reference.result, let ours = test.answer?.result else { continue }
      #expect(ours.contains(reference), "\(test)")
    }
  }

  private func expectOutput(_ text: String, _ expected: Answer) throws {
    if let output = expected.output { #expect(text == output) }
    guard expected.error != nil || expected.result != nil else { return }
    // Fails unless there is exactly one document.
    let document = try JSONValue(parsing: Array(text.utf8))
    if let error = expected.error {
      #expect(errorMembers(of: document) == error)
      #expect(document["cniVersion"]?.stringValue?.isEmpty == false)
    }
    if let result = expected.result {
      #expect(document.contains(result) && result.contains(document))
    }
  }
}

extension JSONValue {
  /// Whether it has all that another value has: members in any order, and more of them.
  fileprivate func contains(_ other: JSONValue) -> Bool {
    if let members = other.members, self.members != nil {
      return members.allSatisfy { member in self[member.0]?.contains(member.1) == true }
    }
    if let parts = other.elements, let elements, parts.count == elements.count {
      return zip(elements, parts).allSatisfy { $0.contains($1) }
    }
    return self == other
  }
}
