private import BPF
import CShortcut

extension Registry {
  /// Keeps an attachment off the shortcut, or lets it on again, until it is added anew.
  ///
  /// Live connections follow with their next message; those made while it is paused stay plain TCP
  /// for good. Throws ``DatapathError``.
  public borrowing func setPaused(
    _ isPaused: Bool, for key: AttachmentKey
  ) throws(DatapathError) {
    guard let attachment = try attachment(for: key) else { return }
    for address in attachment.addresses {
      try setFlag(SHORTCUT_ALLOW_PAUSED, to: isPaused, on: address, of: attachment)
    }
    try bumpEpoch()
  }

  /// Whether any address of an attachment is paused. Throws ``DatapathError``.
  public borrowing func isPaused(_ attachment: Attachment) throws(DatapathError) -> Bool {
    for address in attachment.addresses {
      guard let value = try allowance(of: address, of: attachment) else { continue }
      if value.flags & SHORTCUT_ALLOW_PAUSED.rawValue != 0 { return true }
    }
    return false
  }

  private borrowing func setFlag(
    _ flag: shortcut_allow_flag, to isSet: Bool, on address: Address, of attachment: Attachment
  ) throws(DatapathError) {
    guard var value = try allowance(of: address, of: attachment) else { return }
    value.flags = isSet ? value.flags | flag.rawValue : value.flags & ~flag.rawValue
    try setAllowance(value, of: address, of: attachment)
  }
}
