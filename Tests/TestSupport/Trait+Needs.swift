private import Linux
public import Testing

extension Trait where Self == ConditionTrait {
  /// Skips with a reason where BPF programs cannot be loaded; with `CI` in the environment the
  /// test fails instead.
  public static var needsKernel: Self { needs([.kernel]) }

  /// Skips with a reason where pods cannot be created; with `CI` in the environment the test
  /// fails instead.
  public static var needsRoads: Self { needs([.kernel, .bridge, .ovn]) }

  /// Skips with a reason where there is no container runtime; with `CI` in the environment the
  /// test fails instead.
  public static var needsRuntimes: Self { needs([.runtimes]) }

  private static func needs(_ requirements: [Requirement]) -> Self {
    let missing = requirements.lazy.compactMap(\.missing).first
    return .enabled("missing: \(missing ?? "nothing")") {
      guard let missing else { return true }
      guard environment("CI") == nil else { throw MissingRequirement(subject: missing) }
      return false
    }
  }
}
