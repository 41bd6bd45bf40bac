/// How often the entry had to be put back, and how long to wait until that is done again.
struct Rivalry {
  private var times: [UInt64] = []
  /// Milliseconds.
  private(set) var pause = 0

  /// Nanoseconds.
  private static let window: UInt64 = 30_000_000_000
  private static let tolerated = 5
  private static let longestPause = 30_000

  /// How often within the last half minute.
  var count: Int { times.count }

  /// The entry had to be put back, at a time in nanoseconds; whether a fight begins with that.
  ///
  /// More than five times in half a minute are one. It ends when four pauses pass, or half a minute,
  /// without another time.
  mutating func noteRepair(at now: UInt64) -> Bool {
    let calm = max(Self.window, UInt64(pause) * 4_000_000)
    if let last = times.last, now - last > calm { pause = 0 }
    times = times.filter { now - $0 <= Self.window } + [now]
    guard pause > 0 || times.count > Self.tolerated else { return false }
    defer { pause = min(max(1000, pause * 2), Self.longestPause) }
    return pause == 0
  }
}
