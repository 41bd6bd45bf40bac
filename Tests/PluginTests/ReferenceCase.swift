import JSON
import Linux
import TestSupport
import Testing

/// One line of `Protocol/cases.json`: a call, and how a plugin of the reference implementation (one
/// that demands and prints prevResult) answers it.
struct ReferenceCase: Sendable, CustomStringConvertible {
  /// What we do better on purpose: the only ways in which an answer may differ.
  enum Improvement: String, CaseIterable {
    case namespaceIsCheckedFirst =
      "the namespace is checked before any work, and one document printed"
    case resultIsPassedOn = "prevResult is passed on as received"
    case missingResultHasACode = "a missing prevResult is an invalid configuration"
  }

  /// Names the case.
  let description: String
  /// Environment variables of the call.
  let variables: [String: String]
  /// Its standard input.
  let input: String
  /// How the reference answers.
  let reference: Answer
  /// How we do, when that differs.
  let answer: Answer?
  /// Why.
  let improvement: Improvement?

  /// All cases, in the order of the table.
  static func all() throws -> [ReferenceCase] {
    let path = "\(Products.repository)/Tests/PluginTests/Protocol/cases.json"
    let table = try JSONValue(parsing: Array(readText(path).utf8))
    let defaults = table["variables"]?.members ?? []
    return try (table["cases"]?.elements ?? []).map { try ReferenceCase($0, defaults: defaults) }
  }

  private init(_ line: JSONValue, defaults: [(String, JSONValue)]) throws {
    description = try #require(line["name"]?.stringValue)
    let changes = try #require(line["variables"]?.members)
    variables = (defaults + changes).reduce(into: [:]) { $0[$1.0] = $1.1.stringValue }
    input = try #require(line["input"]?.stringValue)
    reference = Answer(try #require(line["reference"]))
    answer = line["answer"].map { Answer($0) }
    improvement = line["improvement"]?.stringValue.flatMap { Improvement(rawValue: $0) }
  }
}

/// How a plugin ends and what it prints.
struct Answer: Sendable {
  let status: Int64
  /// The document of an error: `code`, `msg`, `details`; nil for a success.
  let error: [String: JSONValue]?
  /// The result, however it is laid out.
  let result: JSONValue?
  /// Standard output, to the byte.
  let output: String?
  /// The end of standard error.
  let diagnostics: String?

  init(_ line: JSONValue) {
    status = line["status"]?.integerValue ?? -1
    error = line["code"] == nil ? nil : errorMembers(of: line)
    result = line["result"]
    output = line["output"]?.stringValue
    diagnostics = line["diagnostics"]?.stringValue
  }
}

/// The members of an error document that the reference implementation has, too.
///
/// `cniVersion` is not among them: the fourth deliberate improvement, in the answer to every error.
func errorMembers(of document: JSONValue) -> [String: JSONValue] {
  ["code", "msg", "details"].reduce(into: [:]) { $0[$1] = document[$1] }
}
