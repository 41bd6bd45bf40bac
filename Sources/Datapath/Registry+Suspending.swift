private import BPF
import CShortcut
private import Linux

extension Registry {
  /// Keeps an attachment off the shortcut, or lets it on again, until it is added anew.
  ///
  /// Live connections follow with their next message; those made while it is paused stay plain TCP
  /// for good. Throws ``DatapathError``.
  public borrowing func setPaused(
    _ isPaused: Bool, for key: AttachmentKey
  ) throws(DatapathError) {
    try set(.paused, to: isPaused, for: [key])
  }

  /// Sets or clears one reason to keep attachments off the shortcut; returns whether that changed
  /// anything. What is not registered any more is passed over. Throws ``DatapathError``.
  @discardableResult
  public borrowing func set(
    _ suspension: Suspension, to isSet: Bool, for keys: [AttachmentKey]
  ) throws(DatapathError) -> Bool {
    let lock = try pins.lock()
    defer { withExtendedLifetime(lock) {} }
    var hasChanged = false
    for key in keys {
      guard let attachment = try attachment(for: key) else { continue }
      for address in attachment.addresses {
        let changed = try set(suspension, to: isSet, on: address, of: attachment)
        hasChanged = changed || hasChanged
      }
    }
    if hasChanged { try bumpEpoch() }
    return hasChanged
  }

  /// Whether any address of an attachment is paused. Throws ``DatapathError``.
  public borrowing func isPaused(_ attachment: Attachment) throws(DatapathError) -> Bool {
    try suspensions(of: attachment).contains(.paused)
  }

  /// What keeps any address of an attachment off the shortcut. Throws ``DatapathError``.
  public borrowing func suspensions(
    of attachment: Attachment
  ) throws(DatapathError) -> Set<Suspension> {
    var found: Set<Suspension> = []
    for address in attachment.addresses {
      guard let value = try allowance(of: address, of: attachment) else { continue }
      found.formUnion(Suspension.allCases.filter { value.flags & $0.allowance != 0 })
    }
    return found
  }

  /// Makes every live connection send its next message over the stack; it uses the shortcut again
  /// when the receiver got that message, if the network still lets it pass. Throws
  /// ``DatapathError``.
  public borrowing func revalidate() throws(DatapathError) {
    try bumpEpoch()
  }

  private borrowing func set(
    _ suspension: Suspension, to isSet: Bool, on address: Address, of attachment: Attachment
  ) throws(DatapathError) -> Bool {
    guard var value = try allowance(of: address, of: attachment) else { return false }
    let before = value.flags
    value.flags = isSet ? before | suspension.allowance : before & ~suspension.allowance
    guard value.flags != before else { return false }
    try setAllowance(value, of: address, of: attachment)
    return true
  }
}
