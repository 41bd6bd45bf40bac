public import Datapath
public import Linux
private import Programs

/// What keeps a node's datapath in place, and keeps it agreeing with Open vSwitch.
public struct Agent {
  private let settings: Settings
  private let log: (String) -> Void
  private let reload: () -> Result<Settings, AgentError>

  /// `log` gets the lines that tell what happens; `reload` reads the settings again.
  public init(
    _ settings: Settings, log: @escaping (String) -> Void,
    reload: @escaping () -> Result<Settings, AgentError>
  ) {
    self.settings = settings
    self.log = log
    self.reload = reload
  }

  /// Loads the datapath unless it is loaded, says so, and returns when a signal asks to stop.
  ///
  /// The datapath stays: only `unload` takes it off the node. Throws ``AgentError``.
  public func run(
    on cgroup: ControlGroup, limits: Limits, report: (Loader.Report) -> Void
  ) throws(AgentError) {
    ignoreBrokenPipes()
    // The daemon first, so that of two agents one alone loads, and a signal is not lost meanwhile.
    let daemon = try Daemon(settings, log: log, reload: reload)
    let loader = Loader(image: .shortcut, pins: settings.pins)
    do throws(DatapathError) {
      report(try loader.load(on: cgroup, limits: limits))
    } catch {
      try goOn(without: AgentError(error), on: cgroup, daemon.log)
    }
    try daemon.run()
  }

  /// What is attached has to be kept in order though this build's programs cannot take its place.
  /// Throws the failure unless that can be done.
  private func goOn(
    without failure: AgentError, on cgroup: ControlGroup, _ log: (Event) -> Void
  ) throws(AgentError) {
    let status = try datapath { () throws(DatapathError) in try Status(settings.pins) }
    guard status.isLoaded, status.cgroup == cgroup else { throw failure }
    log(Event(.error, "load", ["error": failure.description, "stays": "the former programs"]))
  }
}
