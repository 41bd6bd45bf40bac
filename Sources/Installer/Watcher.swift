internal import Linux

/// What ``Installer/watch(report:)`` remembers from one change to the next.
struct Watcher: ~Copyable {
  private var installer: Installer
  private let report: (Installer.Notice) -> Void
  private var rivalry = Rivalry()
  private var presence: Descriptor?
  private var complaints: Set<String> = []
  private var blindness: [String] = []
  private var hasBegun = false

  /// Changes that follow each other so closely are one; milliseconds.
  private static let quiet = 100
  /// But none waits longer; milliseconds.
  private static let longestDebounce = 1000
  /// How often the directories are looked at although nothing was seen; milliseconds.
  private static let poll = 30_000
  /// The same where nothing can be seen.
  private static let blindPoll = 2000

  init(installer: Installer, report: @escaping (Installer.Notice) -> Void) {
    self.installer = installer
    self.report = report
  }

  /// Looks once and waits for the next change; false when a signal has asked to stop.
  mutating func step(until signals: borrowing TerminationSignals) throws(InstallerError) -> Bool {
    let signal = signals.descriptor.rawValue
    // Watching begins before looking: nothing is missed.
    let watch = openWatch()
    let pause = reconcile() ? rivalry.pause : 0
    return try system { () throws(LinuxError) in
      guard try !isReady(signal, within: pause) else { return false }
      switch watch {
      case .some(let watch): return try waitForChange(watch, unless: signal)
      case .none: return try !isReady(signal, within: Self.blindPoll)
      }
    }
  }

  private mutating func openWatch() -> DirectoryWatch? {
    blindness = []
    do throws(LinuxError) {
      let target: String? =
        if case .list(let file, _) = try? installer.select().choice { file.directory } else { nil }
      let directories = [installer.directories.configurations, installer.directories.plugins]
      return try DirectoryWatch(directories + (target.map { [$0] } ?? []))
    } catch {
      // An absent directory is told of when it is looked into.
      if error.code != notFound {
        blindness = ["\(error); looking every \(Self.blindPoll / 1000) s instead"]
      }
      return nil
    }
  }

  /// Whether the entry had to be put back.
  private mutating func reconcile() -> Bool {
    var result = Installer.Report()
    do throws(InstallerError) {
      try holdPresence()
      let lock = try installer.lockDirectories()
      defer { withExtendedLifetime(lock.rawValue) {} }
      // Later ones, of another release, are an upgrade that is under way.
      if !hasBegun || !installer.binary.answers { try installer.addExecutable(&result) }
      let standing = try installer.addEntry(&result)
      result.changes.forEach { report(.change($0)) }
      complain(result.warnings)
      if !hasBegun { report(.change("watching \(installer.directories.configurations)")) }
      defer { hasBegun = true }
      // What an operator has changed in it comes back as it was.
      installer.entry.template = standing.entry
      guard standing.isNew, hasBegun else { return false }
      noteRepair(standing)
      return true
    } catch {
      result.changes.forEach { report(.change($0)) }
      complain(result.warnings + [error.description])
      return false
    }
  }

  private mutating func noteRepair(_ standing: Installer.Standing) {
    guard rivalry.noteRepair(at: monotonicNanoseconds()) else { return }
    report(
      .warning(
        "\(standing.path): the entry had to be put right \(rivalry.count) times in half a minute; "
          + "somebody else writes it, with \(standing.plugins.joined(separator: ", ")): find out who; "
          + "the entry comes back ever more rarely"))
  }

  /// Tells ``Installer/uninstall(leaving:waiting:)`` that there is a watcher.
  private mutating func holdPresence() throws(InstallerError) {
    let directory = try installer.open(installer.directories.plugins, "--bin-dir")
    let isHeld = try system { () throws(LinuxError) in
      try directory.tryLock(.shared, subject: installer.directories.plugins)
    }
    // The plugin is just being uninstalled, which is over when it can be locked.
    guard isHeld else {
      throw InstallerError("lock", installer.directories.plugins, "the plugin is being uninstalled")
    }
    presence = consume directory
  }

  /// Each as long as it lasts once.
  private mutating func complain(_ warnings: [String]) {
    let warnings = blindness + warnings
    for warning in warnings where !complaints.contains(warning) { report(.warning(warning)) }
    complaints = Set(warnings)
  }

  private func waitForChange(
    _ watch: borrowing DirectoryWatch, unless signal: CInt
  ) throws(LinuxError) -> Bool {
    let inputs = [watch.descriptor.rawValue, signal]
    var ready = try waitForInput(inputs, milliseconds: Self.poll)
    let deadline = Deadline(milliseconds: Self.longestDebounce)
    while ready[0], !ready[1], !deadline.isOver {
      _ = try watch.events()
      ready = try waitForInput(inputs, milliseconds: min(Self.quiet, deadline.remaining))
    }
    return !ready[1]
  }

  private func isReady(_ signal: CInt, within milliseconds: Int) throws(LinuxError) -> Bool {
    try waitForInput([signal], milliseconds: milliseconds)[0]
  }
}
