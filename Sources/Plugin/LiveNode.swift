public import Datapath
public import Linux

/// The machine itself.
public struct LiveNode: Node {
  /// Makes access to the machine.
  public init() {}

  /// See ``Node/isOwnNamespace(_:)``.
  public func isOwnNamespace(_ path: String) -> Bool {
    NetworkNamespace.isOwn(path: path)
  }

  /// See ``Node/namespaceCookie(of:)``.
  public func namespaceCookie(of path: String) throws(LinuxError) -> UInt64 {
    try NetworkNamespace(path: path).cookie()
  }

  /// See ``Node/controlGroupID(of:)``.
  public func controlGroupID(of path: String) -> UInt64? {
    do throws(LinuxError) {
      let root = try ControlGroup.root()
      let relative = path.drop { $0 == "/" }
      return try ControlGroup(path: "\(root.path)/\(relative)").identifier()
    } catch {
      return nil
    }
  }

  /// See ``Node/register(_:for:in:)``.
  public func register(
    _ attachment: Attachment, for key: AttachmentKey, in pins: PinDirectory
  ) throws(DatapathError) {
    try Registry(pins).add(attachment, for: key)
  }

  /// See ``Node/unregister(_:in:)``.
  public func unregister(_ key: AttachmentKey, in pins: PinDirectory) throws(DatapathError) {
    try Registry(pins).remove(key)
  }

  /// See ``Node/registration(of:in:)``.
  ///
  /// Loopbacks are not looked for: a pod's interfaces share them, and they go with the first one.
  public func registration(
    of key: AttachmentKey, in pins: PinDirectory
  ) throws(DatapathError) -> Registration? {
    let registry = try Registry(pins)
    guard let attachment = try registry.attachment(for: key) else { return nil }
    var entries: [Registry.Entry: [Address]] = [:]
    for address in attachment.addresses where !attachment.isDisabled && !address.isLoopback {
      entries[try registry.entry(of: address, in: attachment, key), default: []].append(address)
    }
    return Registration(
      attachment: attachment, missing: entries[.missing] ?? [], altered: entries[.altered] ?? [])
  }

  /// See ``Node/registrations(in:)``.
  public func registrations(
    in pins: PinDirectory
  ) throws(DatapathError) -> [(key: AttachmentKey, attachment: Attachment)] {
    try Registry(pins).all().map { ($0.key, $0.value) }
  }

  /// See ``Node/obstacle(to:in:)``.
  ///
  /// A namespace file has the time it was mounted. One below `/proc` has none that lasts: it counts
  /// as newer.
  public func obstacle(
    to attachment: Attachment, in pins: PinDirectory
  ) throws(DatapathError) -> String? {
    if let obstacle = try Registry(pins).obstacle(to: attachment) { return "\(obstacle)" }
    guard let loaded = modificationTime(pins.path(of: .attachments)),
      let mounted = modificationTime(attachment.netnsPath), mounted < loaded
    else { return nil }
    return "\(attachment.netnsPath) is older than the datapath"
  }

  /// See ``Node/isNamespaceGone(of:)``.
  public func isNamespaceGone(of attachment: Attachment) -> Bool {
    attachment.isNamespaceGone
  }

  /// See ``Node/log(_:to:)``.
  public func log(_ line: String, to path: String) {
    do throws(LinuxError) {
      try appendLine(line, to: path)
    } catch {
      // The log is one of two places; a pod must not fail for it.
    }
  }
}
