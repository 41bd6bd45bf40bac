internal import Datapath

/// What the datapath counted during samples.
public struct Traffic: Sendable, Hashable {
  /// Connections whose two ends found each other.
  public internal(set) var pairs: UInt64 = 0
  /// Bytes that took the shortcut.
  public internal(set) var shortcutBytes: UInt64 = 0
  /// Bytes of paired connections that took the stack.
  public internal(set) var stackBytes: UInt64 = 0

  /// The share of the bytes of paired connections that took the shortcut.
  public var carried: Double {
    let total = shortcutBytes + stackBytes
    return total == 0 ? 0 : Double(shortcutBytes) / Double(total)
  }

  /// Adds what was counted between two readings.
  mutating func add(from before: Counters, to after: Counters) {
    pairs += after.pairs &- before.pairs
    shortcutBytes += after.shortcutBytes &- before.shortcutBytes
    stackBytes += after.stackBytes &- before.stackBytes
  }
}
