internal import Linux

extension ConfigurationFile {
  /// What became of an attempt to replace a file.
  enum Replacement {
    /// It has the new content.
    case done
    /// Somebody else wrote it meanwhile: it is to be read anew.
    case overtaken
  }

  /// Puts a text in the place of the one that was read, unless it has changed since.
  ///
  /// A reader finds the old text or the new one whole. Owner, mode and extended attributes stay.
  /// `atLast` is called when nothing but the exchange is left to do. Throws ``InstallerError``.
  func replace(by text: [UInt8], atLast: () -> Void = {}) throws(InstallerError) -> Replacement {
    try removeTemporaries(in: directory)
    do throws(LinuxError) {
      return try replaceFile(by: text, atLast)
    } catch {
      guard error.code != notFound else { return .overtaken }
      let isWritten = (try? ConfigurationFile(path: path).text) == text
      throw InstallerError(
        error, advice: "\(path) \(isWritten ? "is written" : "stays as it was")")
    }
  }

  private func replaceFile(
    by text: [UInt8], _ atLast: () -> Void
  ) throws(LinuxError) -> Replacement {
    let temporary = try prepare(text)
    guard try isUnchanged() else { return .overtaken }
    atLast()
    let result = try exchange(with: temporary.path, written: text)
    try synchronizeDirectory(directory)
    if result == .done && isLinked { try renewLink() }
    return result
  }

  /// The new text aside, with the old one's owner, mode and attributes.
  private func prepare(_ text: [UInt8]) throws(LinuxError) -> TemporaryFile {
    let original = try Descriptor.open(target, flags: openForReading)
    var temporary = try TemporaryFile(path: temporaryPath(for: target))
    try temporary.write(text)
    try temporary.copyMetadata(status, of: original)
    try temporary.finish()
    return temporary
  }

  private func isUnchanged() throws(LinuxError) -> Bool {
    let present = try ConfigurationFile(path: path)
    return present.target == target && present.status.inode == status.inode
      && present.text == text
  }

  /// The two change places, so that what is displaced is at hand: had somebody replaced the file
  /// since it was read, or is somebody writing into it, his text goes back.
  private func exchange(
    with temporary: String, written: [UInt8]
  ) throws(LinuxError) -> Replacement {
    do throws(LinuxError) {
      try exchangeFiles(temporary, target)
    } catch {
      guard notSupported.contains(error.code) else { throw error }
      try renameFile(temporary, to: target)
      return .done
    }
    if try isOriginal(temporary) { return .done }
    try exchangeFiles(temporary, target)
    // What came after ours, if anything did, stays.
    if try ConfigurationFile(path: temporary).text != written {
      try exchangeFiles(temporary, target)
    }
    return .overtaken
  }

  /// Whether a file holds what was read, and nobody writes into it: old releases of kube-ovn open
  /// the file that is there and write it anew.
  private func isOriginal(_ displaced: String) throws(LinuxError) -> Bool {
    let file = try Descriptor.open(displaced, flags: openForReading)
    for _ in 0..<100 where file.hasWriter() == true { sleepMilliseconds(10) }
    let content = try readAll(from: file.rawValue, subject: displaced, limit: Self.sizeLimit)
    return content == text && file.hasWriter() != true
  }

  /// Runtimes watch the directory of the link, where nothing has happened yet.
  private func renewLink() throws(LinuxError) {
    let temporary = temporaryPath(for: path)
    try removeFile(temporary)
    try makeLink(temporary, to: linkTarget(path))
    try renameFile(temporary, to: path)
  }
}
