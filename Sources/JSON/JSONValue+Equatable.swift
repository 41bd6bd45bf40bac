extension JSONValue: Equatable {
  /// Equal kind and content; the order of an object's members counts, and `unsigned` equals the
  /// `integer` of the same value.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.object(let left), .object(let right)): left.elementsEqual(right, by: ==)
    case (.array(let left), .array(let right)): left == right
    case (.string(let left), .string(let right)): left == right
    case (.real(let left), .real(let right)): left == right
    case (.bool(let left), .bool(let right)): left == right
    case (.null, .null): true
    default: left.wholeNumber != nil && left.wholeNumber == right.wholeNumber
    }
  }

  private var wholeNumber: Int128? {
    switch self {
    case .integer(let value): Int128(value)
    case .unsigned(let value): Int128(value)
    default: nil
    }
  }
}
