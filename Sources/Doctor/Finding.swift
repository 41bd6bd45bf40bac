public import JSON

/// One thing that was looked at, and how it was found.
public struct Finding: Sendable, Hashable {
  /// How it was found.
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// As it should be.
    case ok
    /// The shortcut works; something about it is worth knowing.
    case warn
    /// The shortcut does not work, or not as it should.
    case fail
  }

  /// How it was found.
  public let verdict: Verdict
  /// What was looked at: a word.
  public let subject: String
  /// What was found.
  public let text: String
  /// What to do; nil where there is nothing to do.
  public let advice: String?

  init(_ verdict: Verdict, _ subject: String, _ text: String, _ advice: String? = nil) {
    (self.verdict, self.subject, self.text, self.advice) = (verdict, subject, text, advice)
  }

  /// What a person reads.
  public var lines: [String] {
    let label = verdict.rawValue + String(repeating: " ", count: 6 - verdict.rawValue.count)
    let name = subject + String(repeating: " ", count: max(1, 12 - subject.count))
    return ["\(label)\(name)\(text)"] + [advice].compactMap { $0 }.map { "      -> \($0)" }
  }

  /// What a machine reads.
  public var document: JSONValue {
    .object([
      ("verdict", .string(verdict.rawValue)), ("subject", .string(subject)),
      ("finding", .string(text)), ("advice", advice.map { .string($0) } ?? .null),
    ])
  }
}
