extension Attachment {
  /// `NAMESPACE/NAME` of a pod, `NAME` of a container that is no pod of Kubernetes, or empty.
  public var qualifiedName: String {
    podNamespace.isEmpty ? podName : "\(podNamespace)/\(podName)"
  }
}
