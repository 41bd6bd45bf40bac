/// Why a text is not JSON.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of fault it is.
  public enum Code: Sendable, Hashable {
    /// The text ends inside a value, or holds none.
    case prematureEnd
    /// Something other than white space follows the value.
    case trailingText
    /// A number beyond the range of binary64.
    case numberOverflow
    /// Anything else.
    case invalidSyntax
  }

  /// What kind of fault it is.
  public let code: Code
  /// Where it was noticed: bytes from the start of the text.
  public let offset: Int
  /// What is wrong, lower case.
  public let reason: String

  /// `parse json at byte 17: '}' expected near '1'`.
  public var description: String {
    "parse json at byte \(offset): \(reason)"
  }
}
