/// What is known to be wrong with some kernels, and concerns what this datapath does there.
///
/// The self-test finds what shows at once; these need a race, a full memory or a long time.
public struct KernelFault: Sendable, Hashable {
  /// What it means for a node.
  public enum Weight: Sendable, Hashable {
    /// Bytes may be lost: the datapath is not loaded.
    case refused
    /// The node may be hurt, as it may be by any other program with a sockhash.
    case warned
  }

  /// What goes wrong.
  public let reason: String
  /// What that means for a node.
  public let weight: Weight
  /// The first release without it of each series that was mended, oldest first; all later series
  /// are as the last one.
  public let fixes: [KernelVersion]

  /// Whether a kernel has it.
  public func isPresent(in version: KernelVersion) -> Bool {
    fix(for: version).map { version < $0 } ?? false
  }

  /// The release to change to from `version`: of its own series if there is one.
  public func fix(for version: KernelVersion) -> KernelVersion? {
    fixes.first { $0.series == version.series } ?? fixes.last
  }

  /// The faults that a kernel has. None for one that does not say which release it is.
  public static func known(in version: KernelVersion?) -> [KernelFault] {
    guard let version else { return [] }
    return all.filter { $0.isPresent(in: version) }
  }

  /// What people are told of one that `version` has.
  public func message(for version: KernelVersion) -> String {
    let fix = fix(for: version).map { "mended in \($0)" } ?? "not mended"
    return "kernel \(version): \(reason) (\(fix))"
  }
}
