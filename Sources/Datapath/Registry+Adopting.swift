private import BPF
import CShortcut
private import Glibc
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
    let isNew = try unlessPresent { () throws(BPFError) in
      try attachments.update(key.layout, to: layout, when: .absent)
    }
    guard isNew else { return false }
    var terms = attachment.terms(owner: key.owner)
    terms.flags |= suspensions.reduce(0) { $0 | $1.allowance }
    for address in attachment.addresses {
      let place = shortcut_allow_key(netns_cookie: attachment.netnsCookie, address: address.layout)
      try unlessPresent { () throws(BPFError) in
        try allowlist.update(place, to: terms, when: .absent)
      }
    }
    return true
  }

  /// Whether the entry was not there before.
  @discardableResult
  private borrowing func unlessPresent(
    _ update: () throws(BPFError) -> Void
  ) throws(DatapathError) -> Bool {
    do throws(BPFError) {
      try update()
      return true
    } catch {
      guard error.code == EEXIST else { throw DatapathError(error) }
      return false
    }
  }
}
