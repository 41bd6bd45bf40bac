internal import JSON

/// Something a log should tell: one line, `level=info event=hold pod=default/web ...`.
public struct Event: Sendable, Hashable, CustomStringConvertible {
  /// How much it matters.
  public enum Level: String, Sendable, Hashable, CaseIterable, Comparable {
    /// It went as it should.
    case info
    /// Something is missing; the rest goes on.
    case warn
    /// Something that was asked for was not done.
    case error

    /// In the order of how much they matter.
    public static func < (one: Level, other: Level) -> Bool {
      allCases.firstIndex(of: one) ?? 0 < allCases.firstIndex(of: other) ?? 0
    }
  }

  /// How much it matters.
  public var level: Level
  /// What happened.
  public var name: String
  /// On what, and why.
  public var fields: [(key: String, value: String)]

  init(_ level: Level, _ name: String, _ fields: KeyValuePairs<String, String> = [:]) {
    self.level = level
    self.name = name
    self.fields = fields.map { (key: $0.key, value: $0.value) }
  }

  /// The line, without its end; values are quoted where that is needed.
  public var description: String {
    let words = [("level", level.rawValue), ("event", name)] + fields.map { ($0.key, $0.value) }
    return words.map { "\($0.0)=\(Self.quoted($0.1))" }.joined(separator: " ")
  }

  /// The same as a JSON object whose values are strings; of equal keys the first counts.
  var document: String {
    var members = [("level", level.rawValue), ("event", name)]
    for field in fields where !members.contains(where: { $0.0 == field.key }) {
      members.append((field.key, field.value))
    }
    return JSONValue.object(members.map { ($0.0, .string($0.1)) }).encoded(indented: false)
  }

  private static func quoted(_ value: String) -> String {
    let isPlain =
      !value.isEmpty
      && value.unicodeScalars.allSatisfy { scalar in
        scalar.value > 0x20 && scalar.value != 0x7f && scalar != "\"" && scalar != "="
      }
    guard !isPlain else { return value }
    let escaped = value.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\n": "\\n"
      default: scalar.value < 0x20 || scalar.value == 0x7f ? "?" : "\(scalar)"
      }
    }
    return "\"\(escaped.joined())\""
  }

  /// Equal lines.
  public static func == (one: Event, other: Event) -> Bool {
    one.description == other.description
  }

  /// Hashes the line.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(description)
  }
}
