import CShortcut

/// What the CNI plugin knows of a pod's interface.
public struct Attachment: Sendable, Hashable {
  /// How many addresses one attachment can have, loopbacks included.
  public static let maximumAddresses = Int(SHORTCUT_ADDRESSES_MAX)

  /// Which sockets may use the shortcut.
  public enum Sockets: Sendable, Hashable {
    /// Only those that are `O_NONBLOCK`.
    case nonblocking
    /// Blocking ones too: the operator's word that they use neither `MSG_WAITALL`, `SO_RCVLOWAT`
    /// nor `splice`.
    case all
  }

  /// Of CNI_NETNS.
  public var netnsCookie: UInt64
  /// CNI_NETNS
  public var netnsPath: String
  /// Local addresses whose sockets take part; at most ``maximumAddresses``.
  public var addresses: [Address]
  /// Which sockets take part.
  public var sockets: Sockets = .nonblocking
  /// Known, but switched off: no socket takes part.
  public var isDisabled = false
  /// Held until the agent sees that nothing limits it: it was created with a limit or a mirror.
  public var isBarred = false
  /// Of the pod's cgroup; nil when the runtime gave none or it could not be opened.
  public var cgroupID: UInt64?
  /// The runtime's cgroupPath, or empty.
  public var cgroupPath = ""
  /// K8S_POD_NAMESPACE, or empty.
  public var podNamespace = ""
  /// K8S_POD_NAME, or empty.
  public var podName = ""
  /// K8S_POD_UID, or empty.
  public var podUID = ""
  /// Name of the CNI network that was configured, or empty.
  public var network = ""
  /// Only pods of one domain are paired; see ``Domain``.
  public var domain = Domain.unknown
  /// When it was written; CLOCK_REALTIME, nanoseconds. Set by ``Registry/add(_:for:)``.
  public internal(set) var created: UInt64 = 0

  /// Makes an attachment; what is not given here has a default and can be set afterwards.
  public init(netnsCookie: UInt64, netnsPath: String, addresses: [Address]) {
    self.netnsCookie = netnsCookie
    self.netnsPath = netnsPath
    self.addresses = addresses
  }
}
