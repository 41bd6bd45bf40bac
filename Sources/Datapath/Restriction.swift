/// What an annotation of a pod demands: that its traffic stays where it is shaped or mirrored.
public enum Restriction: Sendable, Hashable {
  /// kube-ovn makes it in Open vSwitch, where the agent sees whether it is there.
  case visible
  /// Another plugin makes it, as `bandwidth` does: nobody tells when it is gone.
  case invisible

  /// Nil for an annotation that limits nothing.
  ///
  /// kube-ovn annotates each of a pod's networks with a prefix of its own (`PROVIDER.kubernetes.io`);
  /// one is enough.
  public init?(annotation name: String, value: String) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "kubernetes.io" || parts[0].hasSuffix(".kubernetes.io")
    else { return nil }
    switch parts[1] {
    case "ingress_rate", "egress_rate", "latency", "jitter", "limit", "loss":
      guard Self.limits(value) else { return nil }
      self = .visible
    case "mirror":
      guard value.lowercased() == "true" else { return nil }
      self = .visible
    case "ingress-bandwidth", "egress-bandwidth":
      guard Self.limits(value) else { return nil }
      self = .invisible
    default:
      return nil
    }
  }

  private static func limits(_ value: String) -> Bool {
    !value.isEmpty && Double(value) != 0
  }
}
