import Datapath
import Linux

/// Makes what is registered agree with what is known of the node.
final class Keeper {
  typealias Registered = (key: AttachmentKey, value: Attachment)

  let registry: Registry
  /// What is pinned, held so that it can be pinned again.
  let holding: Holding?
  private let node: NodeSwitch
  /// Pods that are held, by their names, and why.
  private(set) var held: [String: String] = [:]
  /// Why the whole node is held, or nil.
  private(set) var nodeReason: String?
  /// Interfaces of pods that nothing is registered for, and since when that is known.
  var strangers: [String: UInt64] = [:]
  /// Pods that were created with a limit, and since when nothing of it is to be seen.
  private var unlimited: [AttachmentKey: UInt64] = [:]
  /// How long a limit that the plugin knows of may take to show; nanoseconds.
  static let patience: UInt64 = 3_000_000_000

  /// Opens the pins of an attached datapath. Throws ``AgentError``.
  convenience init(attached pins: PinDirectory) throws(AgentError) {
    let holding = try datapath { () throws(DatapathError) in try Holding(pins) }
    try self.init(pins, holding: holding)
  }

  /// Opens the pins. Throws ``AgentError``.
  init(_ pins: PinDirectory, holding: Holding? = nil) throws(AgentError) {
    // Locals first: a noncopyable value whose initializer throws must not be half-made.
    let registry = try datapath { () throws(DatapathError) in try Registry(pins) }
    let node = try datapath { () throws(DatapathError) in try NodeSwitch(pins) }
    self.registry = registry
    self.holding = holding
    self.node = node
  }

  /// Everything that is registered. Throws ``AgentError``.
  func registered() throws(AgentError) -> [Registered] {
    try datapath { () throws(DatapathError) in try registry.all() }
  }

  /// Holds what has to be held, and then lets go of what has not. Throws ``AgentError``.
  func hold(_ view: NodeView, now: UInt64 = 0) throws(AgentError) -> [Event] {
    // What a former run has held stays so until it is known why.
    guard view.knowledge != .none else { return [] }
    var reasons: [String: String] = [:]
    var (toHold, toRelease): ([AttachmentKey], [AttachmentKey]) = ([], [])
    var waiting: [AttachmentKey: UInt64] = [:]
    for (key, attachment) in try registered() where !attachment.isDisabled {
      if let reason = view.restrictedPods.first(where: { $0.pod.isOfPod(of: attachment) })?.reason {
        reasons[attachment.title] = reason
        toHold.append(key)
      } else if !attachment.isBarred {
        toRelease.append(key)
      } else if view.knowledge == .current && view.tells(of: attachment) {
        let since = unlimited[key] ?? now
        waiting[key] = since
        if now >= since + Self.patience { toRelease.append(key) }
      }
    }
    unlimited = waiting
    try datapath { () throws(DatapathError) in
      try registry.set(.held, to: true, for: toHold)
      if view.nodeRestriction != nil { try node.set(.held, to: true) }
      try registry.set(.held, to: false, for: toRelease)
      if view.nodeRestriction == nil { try node.set(.held, to: false) }
    }
    defer { (held, nodeReason) = (reasons, view.nodeRestriction) }
    return changes(to: reasons) + change(to: view.nodeRestriction)
  }

  /// When a pod may be released next; nil: none waits.
  func deadline(now: UInt64) -> UInt64? {
    unlimited.values.map { $0 + Self.patience }.filter { $0 > now }.min()
  }

  private func changes(to reasons: [String: String]) -> [Event] {
    let new = reasons.filter { held[$0.key] != $0.value }.sorted { $0.key < $1.key }
    let gone = held.keys.filter { reasons[$0] == nil }.sorted()
    return new.map { Event(.info, "hold", ["pod": $0.key, "reason": $0.value]) }
      + gone.map { Event(.info, "release", ["pod": $0]) }
  }

  private func change(to reason: String?) -> [Event] {
    guard reason != nodeReason else { return [] }
    guard let reason else { return [Event(.info, "release-node")] }
    return [Event(.warn, "hold-node", ["reason": reason])]
  }

  /// See ``NodeSwitch/note(kernelTLS:)``. Throws ``AgentError``.
  func note(kernelTLS isPresent: Bool) throws(AgentError) -> Bool {
    try datapath { () throws(DatapathError) in try node.note(kernelTLS: isPresent) }
  }

  /// See ``Registry/revalidate()``. Throws ``AgentError``.
  func revalidate() throws(AgentError) {
    try datapath { () throws(DatapathError) in try registry.revalidate() }
  }
}
