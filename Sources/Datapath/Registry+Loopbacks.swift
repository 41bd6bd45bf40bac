internal import BPF
import CShortcut

/// The interfaces of a pod share its loopbacks: the entry of one belongs to who wrote it last.
extension Registry {
  /// Makes the loopbacks another interface's of the same pod, if there is one.
  ///
  /// One that is being removed may have looked for its entries before they were written: then they
  /// are removed here.
  @discardableResult
  borrowing func passOn(
    _ attachment: Attachment, _ key: AttachmentKey
  ) throws(DatapathError) -> Bool {
    while var heir = try heir(of: attachment, key) {
      heir.value.addresses.removeAll { !$0.isLoopback }
      try allow(heir.value, owner: heir.key.owner, sharing: true)
      guard try self.attachment(for: heir.key) == nil else { return true }
      for address in heir.value.addresses {
        try forbid(address, of: heir.value, owner: heir.key.owner)
      }
    }
    return false
  }

  /// Another interface of the same pod.
  private borrowing func heir(
    of attachment: Attachment, _ key: AttachmentKey
  ) throws(DatapathError) -> (key: AttachmentKey, value: Attachment)? {
    // Only what belongs to the pod is decoded: a node has many others.
    let disabled = UInt32(SHORTCUT_ATTACHMENT_DISABLED.rawValue)
    let ofPod = try datapath { () throws(BPFError) in
      try attachments.entries { _, value in
        value.netns_cookie == attachment.netnsCookie && value.flags & disabled == 0
      }
    }
    for (layout, value) in ofPod {
      let other = AttachmentKey(layout)
      if other != key { return (other, Attachment(value)) }
    }
    return nil
  }

  /// Whether another interface of the pod may be registered: an entry says so, or is not the
  /// attachment's own, or is gone.
  borrowing func sharesLoopbacks(
    _ attachment: Attachment, owner: UInt64
  ) throws(DatapathError) -> Bool {
    guard !attachment.isDisabled else { return false }
    for address in attachment.addresses where address.isLoopback {
      let value = try allowance(of: address, of: attachment)
      guard let value, value.owner == owner,
        value.flags & SHORTCUT_ALLOW_SHARED.rawValue == 0
      else { return true }
    }
    return false
  }

  /// Who finds an entry of another owner there tells both that they share it: looking for one's heir
  /// takes long on a node with many pods.
  borrowing func allowLoopback(
    _ key: shortcut_allow_key, _ value: shortcut_allow_value
  ) throws(BPFError) {
    guard try !allowlist.insert(key, value) else { return }
    var value = value
    let shared = SHORTCUT_ALLOW_SHARED.rawValue
    if let found = try allowlist.value(for: key) {
      value.flags |= found.owner == value.owner ? found.flags & shared : shared
    }
    try allowlist.update(key, to: value)
  }
}
