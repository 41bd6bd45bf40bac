public import Datapath
public import Linux

/// What the plugin needs of the machine it runs on.
public protocol Node {
  /// Whether a path leads to the calling process's network namespace; false when it leads nowhere.
  func isOwnNamespace(_ path: String) -> Bool

  /// The cookie of the network namespace a path leads to.
  func namespaceCookie(of path: String) throws(LinuxError) -> UInt64

  /// The identifier of a cgroup, by its path below the root of the hierarchy; nil when there is
  /// none.
  func controlGroupID(of path: String) -> UInt64?

  /// Registers an attachment with the datapath pinned in a directory.
  func register(
    _ attachment: Attachment, for key: AttachmentKey, in pins: PinDirectory
  ) throws(DatapathError)

  /// Removes what is registered under a key, if anything is.
  func unregister(_ key: AttachmentKey, in pins: PinDirectory) throws(DatapathError)

  /// What is registered under a key, or nil, and which of its addresses are not allowed.
  func registration(
    of key: AttachmentKey, in pins: PinDirectory
  ) throws(DatapathError) -> Registration?

  /// Everything that is registered.
  func registrations(
    in pins: PinDirectory
  ) throws(DatapathError) -> [(key: AttachmentKey, attachment: Attachment)]

  /// What kept an attachment from being registered if it is not, or nil: it cannot be registered
  /// now either, or its network namespace is older than the datapath.
  func obstacle(to attachment: Attachment, in pins: PinDirectory) throws(DatapathError) -> String?

  /// Whether the network namespace of an attachment is certain not to exist any more.
  func isNamespaceGone(of attachment: Attachment) -> Bool

  /// Appends a line to a log, if that is possible.
  func log(_ line: String, to path: String)
}

/// What the datapath knows of an attachment.
public struct Registration: Sendable, Hashable {
  /// As it was registered.
  public let attachment: Attachment
  /// Those of its own addresses, loopbacks aside, that the datapath does not allow.
  public let missing: [Address]
  /// Those that it allows on other terms than the attachment's, or for another one.
  public let altered: [Address]

  /// Makes a registration from its parts.
  public init(attachment: Attachment, missing: [Address], altered: [Address] = []) {
    self.attachment = attachment
    self.missing = missing
    self.altered = altered
  }
}
