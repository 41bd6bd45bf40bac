public import Linux

extension Loader {
  /// What ``load(on:limits:fault:)`` did.
  public struct Report: Sendable, Hashable {
    /// What became of the programs.
    public enum Outcome: Sendable, Hashable {
      /// They were attached.
      case attached
      /// They took the place of another build's.
      case replaced
      /// They were there already.
      case present
    }

    /// What became of the programs.
    public var outcome: Outcome
    /// What they are attached to; nil when that cgroup was removed since.
    public var cgroup: ControlGroup?
    /// A BPF file system was mounted for it.
    public var hasMounted = false
    /// Pins that were missing and were made again, by name.
    public var mended: [String] = []
    /// The room that the maps were made with and keep, where another was asked for.
    public var keptRoom: Room?
    /// What the self-test found; nil when nothing new was loaded.
    public var facts: KernelFacts?
    /// How peers are read; nil when nothing new was loaded.
    public var access: PeerAccess?
  }

  /// How much the maps hold.
  public struct Room: Sendable, Hashable {
    /// See ``Limits/pods``.
    public var pods: Int
    /// See ``Limits/connections``.
    public var connections: Int
  }
}
