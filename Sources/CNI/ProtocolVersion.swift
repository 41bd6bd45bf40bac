internal import JSON

/// The protocol versions a chained plugin can serve: `prevResult` exists since 0.3.0.
public enum ProtocolVersion: String, Sendable, CaseIterable {
  /// SPEC 0.3.0.
  case v030 = "0.3.0"
  /// SPEC 0.3.1.
  case v031 = "0.3.1"
  /// SPEC 0.4.0.
  case v040 = "0.4.0"
  /// SPEC 1.0.0.
  case v100 = "1.0.0"
  /// SPEC 1.1.0.
  case v110 = "1.1.0"

  /// The version of a text, or nil. Spelt out for the reason given at ``Command/init(rawValue:)``.
  public init?(rawValue: String) {
    switch rawValue {
    case "0.3.0": self = .v030
    case "0.3.1": self = .v031
    case "0.4.0": self = .v040
    case "1.0.0": self = .v100
    case "1.1.0": self = .v110
    default: return nil
    }
  }

  /// The highest of them.
  public static let latest = ProtocolVersion.v110

  /// Whether the addresses of a result carry their family as `version`: all before 1.0.0.
  var hasFamilyInResult: Bool {
    switch self {
    case .v030, .v031, .v040: true
    case .v100, .v110: false
    }
  }

  /// The answer to `VERSION`, one line.
  static var report: String {
    let supported = allCases.map { JSONValue.string($0.rawValue) }
    let report: JSONValue = [
      "cniVersion": .string(latest.rawValue), "supportedVersions": .array(supported),
    ]
    return report.encoded(indented: false) + "\n"
  }

  /// Selects the version a configuration declares: exactly one of those supported.
  ///
  /// Throws ``CNIError`` with code 1.
  init(declared text: String) throws(CNIError) {
    guard let version = ProtocolVersion(rawValue: text) else {
      let supported = Self.allCases.map { quoted($0.rawValue) }.joined(separator: " ")
      throw CNIError(
        code: .incompatibleVersion, message: "incompatible CNI versions",
        details: "config is \(quoted(text)), plugin supports [\(supported)]")
    }
    self = version
  }
}

/// A text between quotation marks, with what is special inside them escaped.
func quoted(_ text: some StringProtocol) -> String {
  JSONValue.string(String(text)).encoded(indented: false)
}
