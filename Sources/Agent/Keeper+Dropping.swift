import Datapath
import Linux

extension Keeper {
  /// Removes what is registered for pods that are gone, and guesses that the plugin has replaced.
  ///
  /// Throws ``AgentError``.
  func drop(_ view: NodeView) throws(AgentError) -> [Event] {
    let all = try registered()
    let written = Set(all.lazy.filter { $0.key.isWritten }.map(\.value.netnsCookie))
    var events: [Event] = []
    for (key, attachment) in all {
      guard let reason = reason(toDrop: (key, attachment), written, view) else { continue }
      try datapath { () throws(DatapathError) in _ = try registry.remove(key) }
      events.append(Event(.info, "drop", ["pod": attachment.title, "reason": reason]))
    }
    return events
  }

  private func reason(
    toDrop entry: Registered, _ written: Set<UInt64>, _ view: NodeView
  ) -> String? {
    if let interface = entry.key.adoptedInterface {
      if written.contains(entry.value.netnsCookie) { return "registered by the plugin" }
      if view.knowledge == .current && !view.pods.contains(where: { $0.name == interface }) {
        return "its interface is gone"
      }
    }
    return isGone(entry.value, view) ? "its network namespace is gone" : nil
  }

  /// Two have to agree where there are two to be asked. A namespace may be out of sight alone,
  /// because what holds it is not mounted where the agent runs.
  private func isGone(_ attachment: Attachment, _ view: NodeView) -> Bool {
    switch view.knowledge {
    case .none, .remembered: return false
    case .unwanted: break
    case .current: guard !view.tells(of: attachment) else { return false }
    }
    return exists(attachment.namespaceDirectory) && attachment.isNamespaceGone
  }
}

extension Attachment {
  /// What the file of its network namespace is, or was, in.
  var namespaceDirectory: String {
    let parts = netnsPath.split(separator: "/").dropLast()
    return "/" + parts.joined(separator: "/")
  }
}

extension AttachmentKey {
  /// By the plugin, not guessed.
  fileprivate var isWritten: Bool { adoptedInterface == nil }
}
