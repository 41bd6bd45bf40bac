import Datapath

extension AttachmentKey {
  /// No container has such an identifier: CNI allows no colon.
  private static let prefix = "ovs:"

  /// Under which a pod is registered that only Open vSwitch tells of, by the name of the host end.
  init(adopting interface: String) throws(DatapathError) {
    try self.init(containerID: Self.prefix + interface, interfaceName: "eth0")
  }

  /// The host end's name, nil for what the plugin wrote.
  var adoptedInterface: String? {
    containerID.hasPrefix(Self.prefix) ? String(containerID.dropFirst(Self.prefix.count)) : nil
  }
}
