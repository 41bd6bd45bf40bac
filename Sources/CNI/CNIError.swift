internal import JSON

/// A failure as the runtime gets it (SPEC section 5, "Error").
public struct CNIError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it is; the specification keeps 1 to 99 for itself.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: Int

    /// Names a code by its number; a plugin's own begin at 100.
    public init(rawValue: Int) {
      self.rawValue = rawValue
    }

    /// 1: the configuration's version is not supported.
    public static let incompatibleVersion = Code(rawValue: 1)
    /// 4: an environment variable is missing or unusable.
    public static let invalidEnvironment = Code(rawValue: 4)
    /// 5: the configuration could not be read.
    public static let inputOutput = Code(rawValue: 5)
    /// 6: the configuration could not be decoded.
    public static let decodingFailure = Code(rawValue: 6)
    /// 7: the configuration holds something invalid.
    public static let invalidConfiguration = Code(rawValue: 7)
    /// 8: the network namespace may not be used.
    public static let invalidNamespace = Code(rawValue: 8)
    /// 999: what the reference implementation makes of any error that has no code.
    public static let untyped = Code(rawValue: 999)
  }

  /// What kind of failure it is.
  public let code: Code
  /// A short sentence, `msg` on the wire.
  public let message: String
  /// More about it; empty when there is no more.
  public let details: String

  /// Makes an error from its parts.
  public init(code: Code, message: String, details: String = "") {
    self.code = code
    self.message = message
    self.details = details
  }

  /// `message; details (code n)`.
  public var description: String {
    let text = details.isEmpty ? message : "\(message); \(details)"
    return "\(text) (code \(code.rawValue))"
  }

  /// The JSON document for standard output, indented as the reference implementation prints it.
  func encoded(version: ProtocolVersion) -> String {
    var members: [(String, JSONValue)] = [
      ("cniVersion", .string(version.rawValue)),
      ("code", .integer(Int64(code.rawValue))),
      ("msg", .string(message)),
    ]
    if !details.isEmpty { members.append(("details", .string(details))) }
    return JSONValue.object(members).encoded(indented: true)
  }
}
