internal import JSON

/// In the words of the reference implementation and of its decoder, which administrators and tests
/// look for.
extension CNIError {
  static func undecodable(_ operation: String, _ reason: String) -> CNIError {
    CNIError(code: .decodingFailure, message: "\(operation): \(reason)")
  }

  /// A value of another kind than the one expected at `place`.
  static func undecodable(_ operation: String, _ value: JSONValue, as place: String) -> CNIError {
    undecodable(operation, mismatch(value, place))
  }

  static func undecodable(prevResult value: JSONValue) -> CNIError {
    let place = "struct field PluginConf.prevResult of type map[string]interface {}"
    return CNIError(
      code: .untyped,
      message: "failed to parse network configuration: \(mismatch(value, place))")
  }

  private static func mismatch(_ value: JSONValue, _ place: String) -> String {
    let kind = value.boolValue == nil ? value.kind : "bool"
    return "json: cannot unmarshal \(kind) into Go \(place)"
  }
}

extension JSONError {
  /// Where the reference implementation has words for it, those; otherwise ours.
  func reason(in input: [UInt8]) -> String {
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
