import Datapath
import Linux

extension Keeper {
  /// Registers pods that are older than the plugin, by what Open vSwitch tells of them.
  ///
  /// Its owner's wish counts before the default. A pod of which anything is registered is passed over: the plugin knew what its annotation
  /// says. Further interfaces of a pod are none of ours, as they are none of the network list's.
  /// Throws ``AgentError``; what keeps a single pod out is an event.
  func adopt(
    _ view: NodeView, as adoption: Settings.Adoption, _ wishes: Wishes = Wishes()
  ) throws(AgentError) -> [Event] {
    guard view.knowledge == .current else { return [] }
    var known = Set(try registered().map(\.value.netnsCookie))
    var events: [Event] = []
    for pod in view.pods where pod.isPrimary && !pod.addresses.isEmpty {
      guard let sockets = wishes.sockets(of: pod, otherwise: adoption),
        let attachment = pod.attachment(sockets), !known.contains(attachment.netnsCookie)
      else {
        continue
      }
      known.insert(attachment.netnsCookie)
      do throws(DatapathError) {
        try registry.adopt(attachment, for: try AttachmentKey(adopting: pod.name))
        events.append(Event(.info, "adopt", ["pod": attachment.title]))
      } catch {
        events.append(
          Event(.error, "adopt", ["pod": attachment.title, "error": error.description]))
      }
    }
    return events
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
