import Datapath
import JSON
import Linux

/// The agent while it runs: one thread that waits for everything at once.
final class Daemon {
  /// What it waits for.
  enum Source: UInt64 {
    case signals, pins, mounts, reporter, database, flows, scrapes

    /// Beyond these are those who ask for metrics.
    static let others = scrapes.rawValue + 1
  }

  var settings: Settings
  let journal: Journal
  let log: (Event) -> Void
  let reload: () -> Result<Settings, AgentError>
  let epoll: Epoll
  let signals: SignalDescriptor
  let inotify: Inotify
  /// The mount table, which tells that the pins' file system may have gone or come.
  let mounts: Descriptor
  /// Nil where its socket cannot be made: what it would tell is all that is missing then.
  let reporter: Reporter?
  let manager = ServiceManager()

  /// Nil while nothing is loaded.
  var keeper: Keeper? { didSet { (live, kernelTLS) = (nil, nil) } }
  /// Why lost pins cannot be made again now, and when that is next tried.
  var pinFault: AgentError?
  var nextRepair: UInt64?
  var database: Conversation<DatabaseDialogue>?
  var flows: Conversation<FlowDialogue>?
  /// Nil where nobody wants metrics, or the address is taken.
  var scrapes: Scrapes?
  /// What scrapes are told of live connections; nil until somebody asks.
  var live: LiveConnections?
  var vswitch = OpenVSwitch()
  var knowledge = NodeView.Knowledge.none
  var pacer: Pacer
  var memory = MemoryWatch()
  /// What the datapath was told of the kernel's TLS; nil: nothing yet.
  var kernelTLS: Bool?
  /// Nil until TCP was short of memory.
  var waking: WakingSource?
  var wakingFault: AgentError?

  var isStopping = false
  var needsKeeping = true
  var needsAdoption = true
  var nextRound: UInt64 = 0
  var nextKeeping: UInt64 = 0
  var nextAdoption: UInt64 = 0
  /// When a pod that was created with a limit may be released.
  var nextRelease: UInt64?
  var revalidations: UInt64 = 0
  var configurationFault: AgentError?
  /// What was wrong in the last round, to be told once.
  var keepingFault: AgentError?
  /// Why what is loaded cannot be opened.
  var openingFault: AgentError?
  var runtimeFault: AgentError?
  var connectionFaults: [Source: AgentError] = [:]

  /// Even without an event things are looked at after so long: nanoseconds.
  static let round: UInt64 = 60_000_000_000
  /// How often lost pins are tried again while they cannot be made; nanoseconds.
  static let repairInterval: UInt64 = 1_000_000_000

  init(
    _ settings: Settings, log write: @escaping (String) -> Void,
    reload: @escaping () -> Result<Settings, AgentError>
  ) throws(AgentError) {
    let journal = Journal(settings, write: write)
    let log: (Event) -> Void = { journal.note($0, now: monotonicNanoseconds()) }
    let reporter = try Self.reporter(settings, log)
    let epoll = try system { () throws(LinuxError) in try Epoll() }
    let signals = try system { () throws(LinuxError) in try SignalDescriptor() }
    let inotify = try system { () throws(LinuxError) in try Inotify() }
    let mounts = try system { () throws(LinuxError) in
      try Descriptor.open("/proc/self/mountinfo")
    }
    (self.settings, self.reload, self.journal, self.log) = (settings, reload, journal, log)
    (self.reporter, pacer) = (reporter, Pacer(interval: settings.revalidationInterval))
    self.epoll = epoll
    self.signals = signals
    self.inotify = inotify
    self.mounts = mounts
    let waited = [
      (self.signals.rawValue, Source.signals), (self.inotify.rawValue, .pins),
      (reporter?.rawValue ?? -1, .reporter),
    ]
    for (file, source) in waited where file != -1 {
      try system { () throws(LinuxError) in try self.epoll.add(file, token: source.rawValue) }
    }
    let table = self.mounts.rawValue
    try system { () throws(LinuxError) in
      try self.epoll.add(changesOf: table, token: Source.mounts.rawValue)
    }
    follow()
  }

  private static func reporter(
    _ settings: Settings, _ log: (Event) -> Void
  ) throws(AgentError) -> Reporter? {
    do throws(AgentError) {
      return try Reporter(settings)
    } catch {
      guard !error.meansAnotherRuns else { throw error }
      log(Event(.error, "report", ["error": error.description]))
      return nil
    }
  }

  /// Goes on until a signal asks to stop. Throws ``AgentError`` when it cannot wait any more.
  func run() throws(AgentError) {
    openPins()
    manager.ready(summary)
    while !isStopping {
      elapse(now: monotonicNanoseconds())
      if needsKeeping && monotonicNanoseconds() >= nextKeeping { keep() }
      let tokens = try system { () throws(LinuxError) in try epoll.wait(until: deadline) }
      tokens.forEach(take)
    }
    journal.finish()
    manager.stopping()
  }

  private var deadline: UInt64 {
    let times = [
      database?.deadline, flows?.deadline, pacer.deadline, memory.deadline, scrapes?.deadline,
      journal.deadline, nextRepair, nextRelease, needsKeeping ? nextKeeping : nil,
    ]
    return times.compactMap { $0 }.reduce(nextRound, min)
  }

  private func take(_ token: UInt64) {
    let now = monotonicNanoseconds()
    switch Source(rawValue: token) {
    case nil: scrapes?.take(token) { metrics }
    case .scrapes: scrapes?.accept(epoll, now: now)
    case .signals: takeSignals()
    case .pins: pinsChanged()
    case .mounts: checkPins()
    case .reporter: reporter?.answer(document)
    case .database: database?.receive(now: now).forEach(take)
    case .flows: if flows?.receive(now: now).isEmpty == false { pacer.noteChange() }
    }
    noteConnections()
  }

  private func take(_ news: DatabaseDialogue.News) {
    switch news {
    case .snapshot(let tables):
      vswitch = OpenVSwitch()
      vswitch.apply(tables)
    case .update(let tables):
      vswitch.apply(tables)
    }
    needsKeeping = true
  }

  private func takeSignals() {
    while let signal = try? signals.next() {
      switch signal {
      case .terminate: isStopping = true
      case .reload: readSettings()
      }
    }
  }
}

extension Settings {
  var revalidationInterval: UInt64 { UInt64(revalidationMilliseconds) * 1_000_000 }
}
