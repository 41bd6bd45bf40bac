import Datapath

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
  let knowledge: Knowledge
  /// The interfaces of pods.
  let pods: [PodInterface]
  private let titles: Set<String>
  private let namespaces: Set<String>
  /// Why the whole node is held, or nil.
  let nodeRestriction: String?
  /// Pods that are held, and why.
  let restrictedPods: [(pod: PodInterface, reason: String)]

  init(
    _ knowledge: Knowledge, pods: [PodInterface] = [], nodeRestriction: String? = nil,
    restrictedPods: [(pod: PodInterface, reason: String)] = []
  ) {
    (self.knowledge, self.pods, self.nodeRestriction) = (knowledge, pods, nodeRestriction)
    self.restrictedPods = restrictedPods
    titles = Set(pods.map(\.title))
    namespaces = Set(pods.map(\.netnsPath).filter { !$0.isEmpty })
  }

  /// Whether an attachment's pod has an interface.
  func tells(of attachment: Attachment) -> Bool {
    titles.contains(attachment.title) || namespaces.contains(attachment.netnsPath)
  }
}
