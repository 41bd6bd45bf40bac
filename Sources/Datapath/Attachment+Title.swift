extension Attachment {
  /// What a person calls it: the pod, or its network namespace.
  public var title: String { podName.isEmpty ? netnsPath : qualifiedName }
}
