import Datapath
import Linux

extension Keeper {
  /// Registers pods that the plugin has not, by what Open vSwitch tells of them.
  ///
  /// Its owner's wish counts before the default. A pod of which anything is registered is passed over:
  /// the plugin knew what its annotation says. Further interfaces of a pod are none of ours, as they
  /// are none of the network list's. A pod that is shaped or mirrored is held from the first moment.
  /// Throws ``AgentError``; what keeps a single pod out is an event.
  func adopt(
    _ view: NodeView, as adoption: Settings.Adoption, _ wishes: Wishes = Wishes()
  ) throws(AgentError) -> [Event] {
    guard view.knowledge == .current else { return [] }
    var known = Set(try registered().map(\.value.netnsCookie))
    var events: [Event] = []
    for pod in view.pods where pod.isPrimary && !pod.addresses.isEmpty {
      guard let sockets = wishes.sockets(of: pod, otherwise: adoption),
        var attachment = pod.attachment(sockets), !known.contains(attachment.netnsCookie)
      else {
        continue
      }
      attachment.domain = wishes.domain(of: pod)
      let isRestricted = view.restrictedPods.contains { $0.pod.isOfPod(of: attachment) }
      known.insert(attachment.netnsCookie)
      do throws(DatapathError) {
        try registry.adopt(
          attachment, for: try AttachmentKey(adopting: pod.name),
          suspended: isRestricted ? [.held] : [])
        events.append(Event(.info, "adopt", ["pod": attachment.title]))
      } catch {
        events.append(
          Event(.error, "adopt", ["pod": attachment.title, "error": error.description]))
      }
    }
    return events
  }
}

extension Keeper {
  /// Pods that nothing is registered for, since when at the latest: `CLOCK_MONOTONIC`, nanoseconds.
  ///
  /// A pod that is being made or taken down is one, too, for a while. Throws ``AgentError``.
  func noteStrangers(_ view: NodeView, now: UInt64) throws(AgentError) {
    guard view.knowledge == .current else { return }
    let registered = try registered().map(\.value)
    let titles = Set(registered.map(\.title))
    let namespaces = Set(registered.map(\.netnsPath))
    let present = view.pods.filter { pod in
      pod.isPrimary && !pod.addresses.isEmpty && !titles.contains(pod.title)
        && !namespaces.contains(pod.netnsPath)
    }
    strangers = Dictionary(
      present.map { ($0.name, strangers[$0.name] ?? now) }, uniquingKeysWith: { min($0, $1) })
  }

  /// The view with only those of its pods that were strangers this long.
  func strangers(of view: NodeView, since: UInt64) -> NodeView {
    NodeView(
      view.knowledge,
      pods: view.pods.filter { pod in strangers[pod.name].map { $0 <= since } == true },
      nodeRestriction: view.nodeRestriction, restrictedPods: view.restrictedPods)
  }
}

extension PodInterface {
  /// What the plugin would have written; nil when the pod has no network namespace of its own.
  fileprivate func attachment(_ sockets: Attachment.Sockets) -> Attachment? {
    guard netnsPath.hasPrefix("/"), !NetworkNamespace.isOwn(path: netnsPath) else { return nil }
    let cookie: UInt64
    do throws(LinuxError) {
      cookie = try NetworkNamespace(path: netnsPath).cookie()
    } catch {
      return nil
    }
    let loopbacks: [Address] = [.loopback4, .loopback6]
    var attachment = Attachment(
      netnsCookie: cookie, netnsPath: netnsPath,
      addresses: addresses.prefix(Attachment.maximumAddresses - loopbacks.count) + loopbacks)
    attachment.sockets = sockets
    attachment.podNamespace = namespace
    attachment.podName = pod
    return attachment
  }
}
