/// When senders have to be woken: while TCP is short of memory, and a little longer. The kernel
/// tells nobody of that, so somebody has to look.
struct MemoryWatch {
  /// When to look again; `CLOCK_MONOTONIC`, nanoseconds.
  private(set) var deadline: UInt64 = 0
  private(set) var isShort = false
  /// When memory was last short.
  private var last: UInt64?

  private static let interval: UInt64 = 1_000_000_000
  private static let pace: UInt64 = 250_000_000
  /// Who is told to wait just before the end is woken after it.
  private static let patience: UInt64 = 2_000_000_000

  /// Whether to wake now, given whether memory is short if it was before.
  mutating func elapse(now: UInt64, isShort look: (Bool) -> Bool) -> Bool {
    guard now >= deadline else { return false }
    isShort = look(isShort)
    if isShort { last = now }
    let wakes = last.map { now <= $0 + Self.patience } ?? false
    if !wakes { last = nil }
    deadline = now + (wakes ? Self.pace : Self.interval)
    return wakes
  }
}
