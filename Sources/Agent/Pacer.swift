/// When live connections have to show that the network still lets them pass.
///
/// The first revalidation comes at once, unless one was just before. Flows take effect a little
/// after they are seen to change, when vswitchd has revised what the kernel holds of them, and what
/// passed before that says nothing: so others follow.
struct Pacer {
  /// The least time between two; nanoseconds.
  var interval: UInt64
  private var owed = 0
  private var last: UInt64?

  /// How many a change is worth.
  static let repetitions = 3

  init(interval: UInt64) {
    self.interval = interval
  }

  /// When the next one is due, if any; `CLOCK_MONOTONIC`, nanoseconds.
  var deadline: UInt64? {
    owed == 0 ? nil : last.map { $0 + interval } ?? 0
  }

  /// Flows have changed, or may have.
  mutating func noteChange() {
    owed = Self.repetitions
  }

  /// Whether one is due now; it then counts as done.
  mutating func takeTurn(now: UInt64) -> Bool {
    guard let deadline, now >= deadline else { return false }
    owed -= 1
    last = now
    return true
  }
}
