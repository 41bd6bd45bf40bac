/// What a ratio of the shortcut to plain TCP should reach. It is told, never a failure.
public enum Goal: Sendable, Hashable {
  /// For what should be small.
  case atMost(Double)
  /// For what should be large.
  case atLeast(Double)

  /// Whether a ratio reaches it.
  public func isMet(by ratio: Double) -> Bool {
    switch self {
    case .atMost(let bound): ratio <= bound
    case .atLeast(let bound): ratio >= bound
    }
  }

  /// `<=` or `>=`.
  public var comparison: String {
    switch self {
    case .atMost: "<="
    case .atLeast: ">="
    }
  }

  /// The ratio to reach.
  public var bound: Double {
    switch self {
    case .atMost(let bound), .atLeast(let bound): bound
    }
  }
}
