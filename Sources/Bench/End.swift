public import Datapath
public import Linux

/// Where one end of the connections runs: a pod's network namespace and, if known, its cgroup.
public struct End: Sendable {
  /// How the user called it.
  public let name: String
  /// Path of the network namespace.
  public let netns: String
  /// What the CNI plugin registered for that namespace.
  public let attachments: [(key: AttachmentKey, value: Attachment)]
  /// Its processes get a child of this cgroup; nil: they stay where this process is.
  public var cgroup: ControlGroup?

  /// Finds a pod by `NAMESPACE/POD`, a container by its name, either by a network namespace's path or
  /// its name in `/run/netns`.
  ///
  /// Throws ``BenchError`` if the plugin has not registered it, or not for the shortcut.
  public init(_ name: String, in registry: borrowing Registry) throws(BenchError) {
    let all = try datapath { () throws(DatapathError) in try registry.all() }
    let found = try Self.attachments(of: name, among: all).filter { !$0.value.isDisabled }
    guard let first = found.first else {
      throw BenchError(
        operation: "find pod", subject: name,
        reason: "not registered for the shortcut: see shortcutctl pods")
    }
    self.name = name
    netns = first.value.netnsPath
    attachments = found
    cgroup = Self.cgroup(of: first.value)
  }

  private static func attachments(
    of name: String, among all: [(key: AttachmentKey, value: Attachment)]
  ) throws(BenchError) -> [(key: AttachmentKey, value: Attachment)] {
    let named = all.filter { !name.isEmpty && $0.value.qualifiedName == name }
    guard named.isEmpty, name.hasPrefix("/") || !name.contains("/") else { return named }
    let path = name.hasPrefix("/") ? name : "/run/netns/\(name)"
    let cookie = try system { () throws(LinuxError) in
      try NetworkNamespace(path: path).cookie()
    }
    return all.filter { $0.value.netnsCookie == cookie }
  }

  private static func cgroup(of attachment: Attachment) -> ControlGroup? {
    attachment.cgroupID.flatMap { ControlGroup(identifier: $0) }
  }

  /// The first address that is reached from other pods.
  public var address: Address? {
    attachments.lazy.flatMap(\.value.addresses).first { !$0.isLoopback }
  }
}
