public import JSON

/// The configuration a plugin gets on standard input (SPEC sections 1 and 3).
public struct NetworkConfiguration: Sendable {
  /// The largest configuration that is read, bytes.
  public static let sizeLimit = 1 << 20

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
    name = try Self.string("name", of: document, doing: "error unmarshall network config") ?? ""
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
  /// Throws ``CNIError`` with code 7 when there is none or it is not an object.
  func previousResult() throws(CNIError) -> PreviousResult {
    guard let value = document.member("prevResult"), let text = text.member("prevResult") else {
      throw CNIError(
        code: .invalidConfiguration, message: "must be called as chained plugin",
        details: "the network configuration has no prevResult")
    }
    guard value.members != nil else {
      throw CNIError(
        code: .invalidConfiguration, message: "invalid prevResult",
        details: "expected object, found \(value.kind)")
    }
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
      throw .undecodable("error unmarshall network config", error.reason(in: input))
    }
    guard document.members != nil || document == .null else {
      throw .undecodable(
        "error unmarshall network config", "expected object, found \(document.kind)")
    }
    return document
  }

  private static func string(
    _ key: String, of document: JSONValue, doing operation: String
  ) throws(CNIError) -> String? {
    guard let value = document.member(key) else { return nil }
    guard let text = value.stringValue else {
      throw .undecodable(operation, "\(key): expected string, found \(value.kind)")
    }
    return text
  }
}

extension CNIError {
  fileprivate static func undecodable(_ operation: String, _ reason: String) -> CNIError {
    CNIError(code: .decodingFailure, message: "\(operation): \(reason)")
  }

  fileprivate static func disallowed(_ command: Command, by party: String) -> CNIError {
    CNIError(
      code: .incompatibleVersion,
      message: "\(party) version does not allow \(command.rawValue)")
  }
}

extension JSONError {
  /// In the words of the reference implementation, where it has words for it.
  fileprivate func reason(in input: [UInt8]) -> String {
    switch code {
    case .prematureEnd:
      return "unexpected end of JSON input"
    case .trailingText where offset > 0 && offset <= input.count:
      let character = String(decoding: [input[offset - 1]], as: UTF8.self)
      return "invalid character '\(character)' after top-level value"
    default:
      return "\(reason) (byte \(offset))"
    }
  }
}
