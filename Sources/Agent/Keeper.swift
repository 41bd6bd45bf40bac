import Datapath
import Linux

/// Makes what is registered agree with what is known of the node.
final class Keeper {
  typealias Registered = (key: AttachmentKey, value: Attachment)

  let registry: Registry
  private let node: NodeSwitch
  /// Pods that are held, by their names, and why.
  private(set) var held: [String: String] = [:]
  /// Why the whole node is held, or nil.
  private(set) var nodeReason: String?

  /// Opens the pins. Throws ``AgentError``.
  init(_ pins: PinDirectory) throws(AgentError) {
    // Locals first: a noncopyable value whose initializer throws must not be half-made.
    let registry = try datapath { () throws(DatapathError) in try Registry(pins) }
    let node = try datapath { () throws(DatapathError) in try NodeSwitch(pins) }
    self.registry = registry
    self.node = node
  }

  /// Everything that is registered. Throws ``AgentError``.
  func registered() throws(AgentError) -> [Registered] {
    try datapath { () throws(DatapathError) in try registry.all() }
  }

  /// Holds what has to be held, and lets go of what has not. Throws ``AgentError``.
  func hold(_ view: NodeView) throws(AgentError) -> [Event] {
    // What a former run has held stays so until it is known why.
    guard view.knowledge != .none else { return [] }
    var reasons: [String: String] = [:]
    var (toHold, toRelease): ([AttachmentKey], [AttachmentKey]) = ([], [])
    for (key, attachment) in try registered() where !attachment.isDisabled {
      let reason = view.restrictedPods.first { $0.pod.isOfPod(of: attachment) }?.reason
      if let reason { reasons[attachment.title] = reason }
      if reason != nil { toHold.append(key) } else { toRelease.append(key) }
    }
    try datapath { () throws(DatapathError) in
      try registry.set(.held, to: true, for: toHold)
      try registry.set(.held, to: false, for: toRelease)
      try node.set(.held, to: view.nodeRestriction != nil)
    }
    defer { (held, nodeReason) = (reasons, view.nodeRestriction) }
    return changes(to: reasons) + change(to: view.nodeRestriction)
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

  /// See ``Registry/revalidate()``. Throws ``AgentError``.
  func revalidate() throws(AgentError) {
    try datapath { () throws(DatapathError) in try registry.revalidate() }
  }
}
