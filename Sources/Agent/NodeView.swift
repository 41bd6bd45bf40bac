/// What the agent goes by when it decides about pods.
struct NodeView: Sendable {
  /// How far Open vSwitch's database can be trusted.
  enum Knowledge: Sendable, Hashable {
    /// It was never seen: what was decided by a former run stays.
    case none
    /// As it was when the connection broke.
    case remembered
    /// As it is now.
    case current
    /// Nobody wants it to be followed.
    case unwanted
  }

  /// How far the rest can be trusted.
  var knowledge: Knowledge
  /// The interfaces of pods.
  var pods: [PodInterface] = []
  /// Why the whole node is held, or nil.
  var nodeRestriction: String?
  /// Pods that are held, and why.
  var restrictedPods: [(pod: PodInterface, reason: String)] = []
}
