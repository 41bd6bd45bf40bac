/// Writes events a line each: those that matter enough, and none of a burst more often than told.
///
/// Of one kind of event (its level and name) a line is written once in ten seconds, and five
/// different ones. What comes beyond is counted, and told of in one line when the ten seconds are
/// over: `repeated=N`, with the fields that all of them share.
final class Journal {
  /// The least that is written.
  var level: Event.Level
  /// How a line is written.
  var format: Settings.LogFormat
  private var bursts: [Kind: Burst] = [:]
  private let write: (String) -> Void

  /// Nanoseconds.
  static let window: UInt64 = 10_000_000_000

  private struct Kind: Hashable {
    var level: Event.Level
    var name: String
  }

  /// `write` gets the lines, without their ends.
  init(_ settings: Settings, write: @escaping (String) -> Void) {
    (level, format, self.write) = (settings.logLevel, settings.logFormat, write)
  }

  /// When there is something to tell although no event comes; nil: never.
  var deadline: UInt64? {
    bursts.values.filter { $0.summary != nil }.map(\.end).min()
  }

  /// An event happened, at a time in nanoseconds.
  func note(_ event: Event, now: UInt64) {
    elapse(now: now)
    guard event.level >= level else { return }
    let kind = Kind(level: event.level, name: event.name)
    var burst = bursts[kind] ?? Burst(end: now + Self.window)
    if burst.take(event) { put(event) }
    bursts[kind] = burst
  }

  /// Tells of what was counted, if its time has come.
  func elapse(now: UInt64) {
    for (kind, burst) in bursts where burst.end <= now {
      burst.summary.map(put)
      bursts[kind] = burst.continued(until: now + Self.window)
    }
  }

  /// Tells of everything that was counted.
  func finish() {
    bursts.values.compactMap(\.summary).forEach(put)
    bursts = [:]
  }

  private func put(_ event: Event) {
    write(format == .text ? event.description : event.document)
  }
}
