/// A JSON value (RFC 8259).
public enum JSONValue: Sendable {
  /// Members in the order they were written; keys are unique in a parsed document.
  case object([(String, JSONValue)])
  /// Elements in order.
  case array([JSONValue])
  /// Decoded text.
  case string(String)
  /// A whole number.
  case integer(Int64)
  /// A whole number that may lie beyond `Int64.max`; parsing never makes one.
  case unsigned(UInt64)
  /// A number with a fraction or an exponent, or a whole one beyond 64 bits.
  case real(Double)
  /// `true` or `false`.
  case bool(Bool)
  /// `null`.
  case null
}

extension JSONValue {
  /// The value of an object's member; nil when it is absent or this is not an object.
  public subscript(key: String) -> JSONValue? {
    members?.first { $0.0 == key }?.1
  }

  /// The members of an object, else nil.
  public var members: [(String, JSONValue)]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// The elements of an array, else nil.
  public var elements: [JSONValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The text of a string, else nil.
  public var stringValue: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// A boolean, else nil.
  public var boolValue: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// A whole number that fits, else nil.
  public var integerValue: Int64? {
    switch self {
    case .integer(let value): value
    case .unsigned(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// Any number as binary64, else nil.
  public var realValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }

  /// What a message calls this kind of value: `object`, `array`, `string`, `number`, `boolean`,
  /// `null`.
  public var kind: String {
    switch self {
    case .object: "object"
    case .array: "array"
    case .string: "string"
    case .integer, .unsigned, .real: "number"
    case .bool: "boolean"
    case .null: "null"
    }
  }
}
