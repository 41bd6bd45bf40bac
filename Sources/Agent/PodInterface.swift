import Datapath

/// An interface of a pod, as kube-ovn notes it in the `external_ids` of its host end.
struct PodInterface: Sendable, Hashable {
  /// Of the host end.
  var name: String
  /// `pod_namespace`
  var namespace: String
  /// `pod_name`
  var pod: String
  /// `pod_netns`, an absolute path, or empty.
  var netnsPath: String
  /// `ip`
  var addresses: [Address]
  /// Whether it is the one that the cluster's network list made; `iface-id` is `POD.NAMESPACE`.
  var isPrimary: Bool

  /// Nil for an interface that is no pod's.
  init?(name: String, identifiers: [String: String]) {
    guard let pod = identifiers["pod_name"], let namespace = identifiers["pod_namespace"],
      !pod.isEmpty
    else { return nil }
    self.name = name
    self.pod = pod
    self.namespace = namespace
    netnsPath = identifiers["pod_netns"] ?? ""
    addresses = (identifiers["ip"] ?? "").split(separator: ",").compactMap { Address(String($0)) }
    isPrimary = identifiers["iface-id"] == "\(pod).\(namespace)"
  }

  /// What a person calls the pod.
  var title: String { "\(namespace)/\(pod)" }

  /// Whether an attachment is of the same pod.
  func isOfPod(of attachment: Attachment) -> Bool {
    attachment.title == title
      || (!netnsPath.isEmpty && attachment.netnsPath == netnsPath)
  }
}
