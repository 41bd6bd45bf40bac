public import Datapath
public import Linux

/// The machine itself.
public struct LiveNode: Node {
  /// Makes access to the machine.
  public init() {}

  /// See ``Node/isOwnNamespace(_:)``.
  public func isOwnNamespace(_ path: String) -> Bool {
    do throws(LinuxError) {
      return try NetworkNamespace(path: path).isOwn()
    } catch {
      return false
    }
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
    var missing: [Address] = []
    for address in attachment.addresses where !attachment.isDisabled && !address.isLoopback {
      let isAllowed = try registry.allows(address, inNetns: attachment.netnsCookie)
      if !isAllowed { missing.append(address) }
    }
    return Registration(attachment: attachment, missing: missing)
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
