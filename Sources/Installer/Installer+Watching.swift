internal import Linux

extension Installer {
  /// What ``watch(report:)`` has to say.
  public enum Notice: Sendable, Hashable {
    /// Something was done, or is as it should be.
    case change(String)
    /// Something is wrong, and what is done about it.
    case warning(String)
  }

  /// Keeps executable and entry in place until SIGTERM or SIGINT; then everything stays as it is.
  ///
  /// Throws ``InstallerError`` only if it cannot begin: what goes wrong later is reported once and
  /// tried again.
  public func watch(report: (Notice) -> Void) throws(InstallerError) {
    let signals = try system { () throws(LinuxError) in try TerminationSignals() }
    try withoutActuallyEscaping(report) { report throws(InstallerError) in
      var watcher = Watcher(installer: self, report: report)
      while try watcher.step(until: signals) {}
    }
  }
}
