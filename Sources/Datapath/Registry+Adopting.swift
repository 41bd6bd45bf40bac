private import BPF
import CShortcut
private import Linux

extension Registry {
  /// Registers an attachment that its writer only guesses: what others wrote of it stays as it is.
  /// Its entries are suspended from the first moment, if they are to be.
  ///
  /// Returns false when its key is registered already. Throws ``DatapathError``, `E2BIG` when a map
  /// is full; ``remove(_:)`` then finds what is left.
  @discardableResult
  public borrowing func adopt(
    _ attachment: Attachment, for key: AttachmentKey, suspended suspensions: Set<Suspension> = []
  ) throws(DatapathError) -> Bool {
    var attachment = attachment
    attachment.created = realtimeNanoseconds()
    let layout = try attachment.layout()
    let isNew = try datapath { () throws(BPFError) in try attachments.insert(key.layout, layout) }
    guard isNew else { return false }
    var terms = attachment.terms(owner: key.owner)
    terms.flags |= suspensions.reduce(0) { $0 | $1.allowance }
    for address in attachment.addresses {
      let place = shortcut_allow_key(netns_cookie: attachment.netnsCookie, address: address.layout)
      let isFree = try datapath { () throws(BPFError) in try allowlist.insert(place, terms) }
      if !isFree && address.isLoopback { try share(address, of: attachment) }
    }
    return true
  }

  private borrowing func share(
    _ address: Address, of attachment: Attachment
  ) throws(DatapathError) {
    guard var value = try allowance(of: address, of: attachment) else { return }
    value.flags |= SHORTCUT_ALLOW_SHARED.rawValue
    try setAllowance(value, of: address, of: attachment)
  }
}
