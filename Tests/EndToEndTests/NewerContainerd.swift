import Linux
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
  /// Skips with a reason where the archive that has it does not answer; with `CI` in the environment
  /// the test fails instead.
  static var needsNewerContainerd: Self {
    .enabled("missing: a containerd that tells the pod's cgroup") {
      if environment("CI") != nil { return true }
      return try await Command(newerContainerdScript).run().end != .exited(3)
    }
  }
}

/// The path of a containerd that tells plugins the pod's cgroup. Throws ``CommandError`` where there
/// is none.
func newerContainerd() async throws -> String {
  try await String(Command(newerContainerdScript).output().prefix { !$0.isNewline })
}

private let newerContainerdScript = "\(Products.repository)/Tests/Runtimes/newer-containerd"
