public import JSON

/// The configuration a plugin gets on standard input (SPEC sections 1 and 3).
public struct NetworkConfiguration: Sendable {
  /// The largest configuration that is read, bytes.
  public static let sizeLimit = 16 << 20

  /// Name of the network.
  public let name: String
  /// The whole document.
  public let document: JSONValue
  private let text: JSONText

  /// Decodes a configuration as far as all commands need it: an object with a usable name.
  ///
  /// Throws ``CNIError``: code 6 for what is not such a document, 7 for a missing or invalid name.
  public init(parsing input: [UInt8]) throws(CNIError) {
    document = try Self.document(input)
    text = JSONText(accepted: input)
    name = try Self.string("name", of: document, doing: Self.reading) ?? ""
    guard !name.isEmpty else {
      throw CNIError(code: .invalidConfiguration, message: "missing network name")
    }
    guard isIdentifier(name) else {
      throw CNIError(
        code: .invalidConfiguration, message: "invalid characters found in network name",
        details: name)
    }
  }

  /// The version this configuration declares, if it allows the command and is supported.
  ///
  /// Throws ``CNIError``: code 6 when it is no version, 1 when the command or the plugin does not
  /// go with it.
  func version(for command: Command) throws(CNIError) -> ProtocolVersion {
    let declared = try declaredVersion()
    if let introduced = command.introduced {
      let number = try VersionNumber(parsing: declared)
      guard number >= introduced else { throw .disallowed(command, by: "config") }
      guard number <= .latest else { throw .disallowed(command, by: "plugin") }
    }
    return try ProtocolVersion(declared: declared)
  }

  /// What the plugin before this one answered.
  ///
  /// Throws ``CNIError``: code 7 when there is none, 999 when it is not an object.
  func previousResult() throws(CNIError) -> PreviousResult {
    guard let text = text.member("prevResult"), let value = text.value, value != .null else {
      throw CNIError(
        code: .invalidConfiguration, message: "must be called as chained plugin")
    }
    guard value.members != nil else { throw .undecodable(prevResult: value) }
    return PreviousResult(value: value, text: text)
  }

  /// A configuration without a version is one of SPEC 0.1.0.
  private func declaredVersion() throws(CNIError) -> String {
    let declared = try Self.string(
      "cniVersion", of: document, doing: "decoding version from network config")
    guard let declared, !declared.isEmpty else { return "0.1.0" }
    return declared
  }

  private static func document(_ input: [UInt8]) throws(CNIError) -> JSONValue {
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONValue(parsing: input)
    } catch {
      throw .undecodable(Self.reading, error.reason(in: input))
    }
    guard document.members != nil || document == .null else {
      throw .undecodable(
        Self.reading, document, as: #"value of type struct { Name string "json:\"name\"" }"#)
    }
    return document
  }

  private static func string(
    _ key: String, of document: JSONValue, doing operation: String
  ) throws(CNIError) -> String? {
    guard let value = document.member(key) else { return nil }
    guard let text = value.stringValue else {
      throw .undecodable(operation, value, as: "struct field .\(key) of type string")
    }
    return text
  }

  private static let reading = "error unmarshall network config"
}

extension CNIError {
  fileprivate static func disallowed(_ command: Command, by party: String) -> CNIError {
    CNIError(
      code: .incompatibleVersion,
      message: "\(party) version does not allow \(command.rawValue)")
  }
}
