/// Something a log should tell: one line, `level=info event=hold pod=default/web ...`.
public struct Event: Sendable, Hashable, CustomStringConvertible {
  /// How much it matters.
  public enum Level: String, Sendable, Hashable {
    /// It went as it should.
    case info
    /// Something is missing; the rest goes on.
    case warn
    /// Something that was asked for was not done.
    case error
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
