internal import BPF
import CShortcut
private import Glibc
private import Linux

/// The pods that may use the shortcut: the pinned `attachments` and `allowlist` maps.
///
/// Safe against being killed at any point: an attachment is written before its allowlist entries
/// and removed after them, so that ``remove(_:)`` always finds what is left. Writers never wait for
/// each other. Where one adds and another removes the same attachment, it is there whole or not at
/// all: each looks at the other's work after its own.
public struct Registry: ~Copyable {
  let allowlist: BPFMap<shortcut_allow_key, shortcut_allow_value>
  let attachments: BPFMap<shortcut_attachment_key, shortcut_attachment>
  private let epoch: BPFMap<UInt32, UInt64>
  let pins: PinDirectory

  /// What it needs pinned.
  static let maps: [MapName] = [.attachments, .allowlist, .epoch]

  /// Opens the pins. Throws ``DatapathError``: `ENOENT` when nothing is loaded there, `EPROTO`
  /// when another release of the datapath is.
  public init(_ directory: PinDirectory) throws(DatapathError) {
    try Release.requireOwn(in: directory, to: "open")
    // Locals first: a noncopyable value whose initializer throws must not be half-made.
    let attachments = try datapath { () throws(BPFError) in
      try BPFMap<shortcut_attachment_key, shortcut_attachment>(
        pinnedAt: directory.path(of: .attachments))
    }
    let allowlist = try datapath { () throws(BPFError) in
      try BPFMap<shortcut_allow_key, shortcut_allow_value>(pinnedAt: directory.path(of: .allowlist))
    }
    let epoch = try datapath { () throws(BPFError) in
      try BPFMap<UInt32, UInt64>(pinnedAt: directory.path(of: .epoch))
    }
    self.attachments = attachments
    self.allowlist = allowlist
    self.epoch = epoch
    pins = directory
  }

  /// Registers an attachment, and replaces what was registered under its key.
  ///
  /// Throws ``DatapathError``, `E2BIG` when a map is full, `ECANCELED` when it was removed
  /// meanwhile; nothing is registered then.
  public borrowing func add(
    _ attachment: Attachment, for key: AttachmentKey
  ) throws(DatapathError) {
    try remove(key)
    var attachment = attachment
    attachment.created = realtimeNanoseconds()
    let layout = try attachment.layout()
    try datapath { () throws(BPFError) in try attachments.update(key.layout, to: layout) }
    defer { announce() }
    guard !attachment.isDisabled else { return }
    do throws(DatapathError) {
      try allow(attachment, owner: key.owner)
      guard try self.attachment(for: key) != nil else { throw .removedMeanwhile(key) }
    } catch {
      try remove(key)
      try settle(key, after: attachment)
      throw error
    }
  }

  /// Removes an attachment and makes its live connections leave the shortcut.
  ///
  /// Returns what was registered, or nil. Throws ``DatapathError``.
  @discardableResult
  public borrowing func remove(_ key: AttachmentKey) throws(DatapathError) -> Attachment? {
    guard let attachment = try attachment(for: key) else { return nil }
    let isShared = try sharesLoopbacks(attachment, owner: key.owner)
    let isPassedOn = isShared ? try passOn(attachment, key) : false
    for address in attachment.addresses where !(address.isLoopback && isPassedOn) {
      try forbid(address, of: attachment, owner: key.owner)
    }
    if !attachment.isDisabled { try bumpEpoch() }
    try datapath { () throws(BPFError) in _ = try attachments.removeValue(for: key.layout) }
    try settle(key, after: attachment)
    // The heir may have gone meanwhile, having made this one its own.
    if isShared { try passOn(attachment, key) }
    announce()
    return attachment
  }

  /// What is registered under a key, or nil. Throws ``DatapathError``.
  public borrowing func attachment(for key: AttachmentKey) throws(DatapathError) -> Attachment? {
    try datapath { () throws(BPFError) in
      try attachments.value(for: key.layout).map { Attachment($0) }
    }
  }

  /// Everything that is registered. Throws ``DatapathError``.
  public borrowing func all() throws(DatapathError) -> [(key: AttachmentKey, value: Attachment)] {
    try datapath { () throws(BPFError) in
      try attachments.entries().map { (AttachmentKey($0.key), Attachment($0.value)) }
    }
  }

  /// Whether sockets with a local address in a network namespace may take part.
  public borrowing func allows(
    _ address: Address, inNetns cookie: UInt64
  ) throws(DatapathError) -> Bool {
    let key = shortcut_allow_key(netns_cookie: cookie, address: address.layout)
    return try datapath { () throws(BPFError) in try allowlist.value(for: key) } != nil
  }

  /// How the allowlist's entry of an address is, measured by the attachment that has it.
  public enum Entry: Sendable, Hashable {
    /// As ``add(_:for:)`` wrote it; it may be suspended.
    case intact
    /// There is none.
    case missing
    /// It belongs to another attachment, or has other terms.
    case altered
  }

  /// Looks up the entry of one of an attachment's addresses. Throws ``DatapathError``.
  public borrowing func entry(
    of address: Address, in attachment: Attachment, _ key: AttachmentKey
  ) throws(DatapathError) -> Entry {
    let place = shortcut_allow_key(netns_cookie: attachment.netnsCookie, address: address.layout)
    let entry = try datapath { () throws(BPFError) in try allowlist.value(for: place) }
    guard let entry else { return .missing }
    let others =
      SHORTCUT_ALLOW_PAUSED.rawValue | SHORTCUT_ALLOW_HELD.rawValue | SHORTCUT_ALLOW_SHARED.rawValue
    let expected = attachment.terms(owner: key.owner)
    return (entry.flags ^ expected.flags) & ~others == 0 && entry.domain == expected.domain
      && entry.owner == expected.owner ? .intact : .altered
  }

  /// What keeps an attachment from being registered now, or nil: a text too long, a map full.
  public borrowing func obstacle(
    to attachment: Attachment
  ) throws(DatapathError) -> DatapathError? {
    do throws(DatapathError) {
      _ = try attachment.layout()
    } catch {
      return error
    }
    let hasRoom = try datapath { () throws(BPFError) in
      let registered = try attachments.keys().count
      let allowed = try allowlist.keys().count + attachment.addresses.count
      let limits = (try attachments.capacity(), try allowlist.capacity())
      return registered < limits.0 && allowed <= limits.1
    }
    return hasRoom ? nil : DatapathError(operation: "register", subject: "full map", code: E2BIG)
  }

  borrowing func allow(
    _ attachment: Attachment, owner: UInt64, sharing: Bool = false
  ) throws(DatapathError) {
    var value = attachment.terms(owner: owner)
    if sharing { value.flags |= SHORTCUT_ALLOW_SHARED.rawValue }
    for address in attachment.addresses {
      let key = shortcut_allow_key(
        netns_cookie: attachment.netnsCookie, address: address.layout)
      try datapath { () throws(BPFError) in
        guard address.isLoopback else { return try allowlist.update(key, to: value) }
        try allowLoopback(key, value)
      }
    }
  }

  /// Makes the entries agree with what is registered under a key, after an attachment is gone.
  ///
  /// Another writer of the same key may have written entries since they were removed, or have lost
  /// its own by their removal: whoever removes entries looks afterwards.
  private borrowing func settle(
    _ key: AttachmentKey, after attachment: Attachment
  ) throws(DatapathError) {
    var gone = attachment
    while true {
      for address in gone.addresses { try forbid(address, of: gone, owner: key.owner) }
      guard let present = try self.attachment(for: key), !present.isDisabled else { return }
      try allow(present, owner: key.owner)
      guard try self.attachment(for: key) == nil else { return }
      gone = present
    }
  }

  /// Another attachment of the same namespace may own the address by now: it keeps it.
  borrowing func forbid(
    _ address: Address, of attachment: Attachment, owner: UInt64
  ) throws(DatapathError) {
    let key = shortcut_allow_key(netns_cookie: attachment.netnsCookie, address: address.layout)
    try datapath { () throws(BPFError) in
      guard let value = try allowlist.value(for: key), value.owner == owner else { return }
      try allowlist.removeValue(for: key)
    }
  }

  /// Each live connection checks its ends at its next message, which takes the stack.
  borrowing func bumpEpoch() throws(DatapathError) {
    try datapath { () throws(BPFError) in try epoch.update(0, to: kernelNanoseconds()) }
  }

  /// Tells whoever watches the pins that something was registered or removed: the kernel tells of
  /// changes of a file's times, not of a map's. Nobody depends on it.
  private borrowing func announce() {
    _ = try? setTimesToNow(pins.path(of: .epoch))
  }

  /// The allowlist's entry of an address, or nil.
  borrowing func allowance(
    of address: Address, of attachment: Attachment
  ) throws(DatapathError) -> shortcut_allow_value? {
    let key = shortcut_allow_key(netns_cookie: attachment.netnsCookie, address: address.layout)
    return try datapath { () throws(BPFError) in try allowlist.value(for: key) }
  }

  /// Writes that entry, unless it was removed meanwhile.
  borrowing func setAllowance(
    _ value: shortcut_allow_value, of address: Address, of attachment: Attachment
  ) throws(DatapathError) {
    let key = shortcut_allow_key(netns_cookie: attachment.netnsCookie, address: address.layout)
    do throws(BPFError) {
      try allowlist.update(key, to: value, when: .present)
    } catch {
      guard error.code == ENOENT else { throw DatapathError(error) }
    }
  }
}

extension Attachment {
  /// What the allowlist says about each of its addresses.
  func terms(owner: UInt64) -> shortcut_allow_value {
    let blocking = sockets == .all ? UInt32(SHORTCUT_ALLOW_BLOCKING.rawValue) : 0
    let held = isBarred ? Suspension.held.allowance : 0
    return shortcut_allow_value(flags: blocking | held, domain: domain, owner: owner)
  }
}

extension DatapathError {
  fileprivate static func removedMeanwhile(_ key: AttachmentKey) -> DatapathError {
    DatapathError(
      operation: "register", subject: "container \(key.containerID) \(key.interfaceName)",
      code: ECANCELED)
  }
}
