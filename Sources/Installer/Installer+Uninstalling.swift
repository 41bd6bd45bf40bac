internal import Linux

extension Installer {
  /// What stays on the node.
  public enum Remainder: Sendable {
    /// The executable: pods that were created with it, and runtimes that keep their own copy of the
    /// list, still call it. Without a datapath it passes everything through.
    case executable
    /// Nothing.
    case nothing
  }

  /// Takes the entry out of every network list, lets the runtime read that, and removes what shall
  /// not stay. Throws ``InstallerError``.
  public func uninstall(
    leaving remainder: Remainder = .executable, waiting seconds: Int = 10
  ) throws(InstallerError) -> Report {
    let exclusion = try excludeWatchers()
    defer { withExtendedLifetime(exclusion) {} }
    let lock = try lockDirectories()
    defer { withExtendedLifetime(lock.rawValue) {} }
    var report = Report()
    try removeEntries(waiting: seconds, &report)
    let mentions = try self.mentions()
    report.warnings = mentions.map { "\($0): still names \(Entry.type)" }
    switch remainder {
    case .executable where exists(binary.path):
      report.changes.append(
        "left \(binary.path): without a datapath it passes through; see --purge")
    case .executable: break
    case .nothing: try purge(unless: mentions, &report)
    }
    return report
  }

  /// Runtimes read the first list alone, some of them: it is that one that is waited for.
  private func removeEntries(waiting seconds: Int, _ report: inout Report) throws(InstallerError) {
    var reader: ReloadObserver?
    for path in try lists() {
      let isFirst = report.changes.isEmpty
      let isChanged = try removeEntry(from: path) { file in
        if isFirst { reader = ReloadObserver(of: file) }
      }
      if isChanged { report.changes.append("removed \(Entry.type) from \(path)") }
    }
    guard !report.changes.isEmpty, let reader else { return }
    report.changes.append(reader.wait(seconds: seconds))
  }

  /// A watcher would put the entry back: none begins until what is returned is closed.
  private func excludeWatchers() throws(InstallerError) -> Descriptor? {
    guard exists(directories.plugins) else { return nil }
    let directory = try open(directories.plugins, "--bin-dir")
    let isFree = try system { () throws(LinuxError) in
      try directory.tryLock(.exclusive, subject: directories.plugins)
    }
    guard isFree else {
      throw InstallerError(
        "uninstall from", directories.configurations,
        "\"install-cni --watch\" is running here and would undo it, stop that first; "
          + "or another \"uninstall-cni\" is, wait for that")
    }
    return directory
  }

  private func lists() throws(InstallerError) -> [String] {
    try system { () throws(LinuxError) in try Selection.paths(in: directories.configurations) }
  }

  /// Whether it was there. `atLast` is called before each attempt to write the file.
  private func removeEntry(
    from path: String, atLast: (ConfigurationFile) -> Void
  ) throws(InstallerError) -> Bool {
    let deadline = Deadline(milliseconds: patience)
    while true {
      guard let file = try? ConfigurationFile(path: path) else { return false }
      switch NetworkList.read(file.text, name: path) {
      case .single: return false
      case .list(let list):
        let wanted = list.removingEntries()
        guard wanted != list.text else { return false }
        let replacement = try file.replace(by: wanted) { atLast(file) }
        if case .done = replacement { return true }
      case .invalid where !mentions(file): return false
      case .invalid: break
      }
      guard !deadline.isOver else { return false }
      sleepMilliseconds(20)
    }
  }

  /// Files that name the plugin although the entry is out: copies that others made, broken ones.
  private func mentions() throws(InstallerError) -> [String] {
    try lists().filter { path in
      guard let file = try? ConfigurationFile(path: path) else { return false }
      return mentions(file)
    }
  }

  private func mentions(_ file: ConfigurationFile) -> Bool {
    String(decoding: file.text, as: UTF8.self).utf8.contains("\"\(Entry.type)\"")
  }

  private func purge(unless mentions: [String], _ report: inout Report) throws(InstallerError) {
    guard mentions.isEmpty else {
      throw InstallerError(
        "remove", binary.path,
        "\(mentions.joined(separator: ", ")) still names it, and pods could not start without it")
    }
    if try binary.remove() { report.changes.append("removed \(binary.path)") }
  }
}

extension String.UTF8View {
  fileprivate func contains(_ text: String) -> Bool {
    let (bytes, wanted) = (Array(self), Array(text.utf8))
    guard bytes.count >= wanted.count else { return false }
    return (0...(bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
  }
}
