private import BPF
import CShortcut
private import Glibc
private import Linux

extension Loader {
  /// Has live connections leave the shortcut, and detaches the programs. Returns whether they were
  /// attached.
  func end(held: UInt32?) throws(DatapathError) -> Bool {
    let settings = try Release(pins)
    try settings?.addMode(SHORTCUT_MODE_DRAINING.rawValue)
    guard let anchor = try anchor(held), try anchor.controlGroupIdentifier() != 0 else {
      return false
    }
    try anchor.drainAndDetach()
    return true
  }

  private func anchor(_ held: UInt32?) throws(DatapathError) -> Anchor? {
    if let found = try Anchor.find(pins) { return found }
    guard let identifier = held else { return nil }
    do throws(BPFError) {
      return Anchor(try BPFLink(identifier: identifier))
    } catch {
      guard error.code == ENOENT else { throw DatapathError(error) }
      return nil
    }
  }

  /// Removes those pins whose names are meant, the link first; another release may have others than
  /// these. Nothing is removed from another file system.
  func removePins(_ isMeant: (String) -> Bool) throws(DatapathError) {
    guard exists(pins.path), BPFFileSystem.contains(pins.path) else { return }
    try system { () throws(LinuxError) in
      if isMeant("link") { try removeFile(pins.link) }
      for name in try names(in: pins.path) where isMeant(name) {
        try removeFile("\(pins.path)/\(name)")
      }
    }
  }
}

extension Anchor {
  /// Has live connections leave the shortcut, and ends the attachment whoever holds it.
  ///
  /// Senders that leave get their send buffers back in callbacks, which end with the attachment.
  borrowing func drainAndDetach() throws(DatapathError) {
    try Release(of: self)?.addMode(SHORTCUT_MODE_DRAINING.rawValue)
    sleepMilliseconds(200)
    try datapath { () throws(BPFError) in try link.detach() }
  }
}
