private import BPF
import CShortcut

/// What the datapath has done since it was loaded.
public struct Counters: Sendable, Hashable {
  /// Connections whose two ends found each other.
  public var pairs: UInt64 = 0
  /// Changes of a direction from the stack to the shortcut.
  public var joins: UInt64 = 0
  /// Changes back to the stack, by reason.
  public var leaves: [(reason: LeaveReason, count: UInt64)] {
    zip(LeaveReason.allCases, leaveCounts).map { (reason: $0, count: $1) }
  }
  /// Candidates that stayed plain TCP for good, by reason.
  public var refusals: [(reason: RefusalReason, count: UInt64)] {
    zip(RefusalReason.allCases, refusalCounts).map { (reason: $0, count: $1) }
  }
  /// Sockets that went back to plain TCP before they closed, by reason.
  public var evictions: [(reason: EvictionReason, count: UInt64)] {
    zip(EvictionReason.allCases, evictionCounts).map { (reason: $0, count: $1) }
  }
  /// Messages handed to the receiver's queue.
  public var shortcutMessages: UInt64 = 0
  /// Their payload.
  public var shortcutBytes: UInt64 = 0
  /// Messages of paired sockets that took the stack.
  public var stackMessages: UInt64 = 0
  /// Their payload.
  public var stackBytes: UInt64 = 0

  private var leaveCounts = [UInt64](repeating: 0, count: LeaveReason.allCases.count)
  private var refusalCounts = [UInt64](repeating: 0, count: RefusalReason.allCases.count)
  private var evictionCounts = [UInt64](repeating: 0, count: EvictionReason.allCases.count)

  /// How often directions left for a reason.
  public func leaves(for reason: LeaveReason) -> UInt64 {
    leaves.first { $0.reason == reason }?.count ?? 0
  }

  /// How many candidates were refused for a reason.
  public func refusals(for reason: RefusalReason) -> UInt64 {
    refusals.first { $0.reason == reason }?.count ?? 0
  }
}

extension Counters {
  /// Adds the CPUs up.
  init(_ processors: [shortcut_counters]) {
    self.init()
    for processor in processors { add(processor) }
  }

  private mutating func add(_ other: shortcut_counters) {
    pairs += other.pairs
    joins += other.joins
    shortcutMessages += other.shortcut_messages
    shortcutBytes += other.shortcut_bytes
    stackMessages += other.stack_messages
    stackBytes += other.stack_bytes
    let left = words(of: other.leaves).dropFirst()
    leaveCounts = zip(leaveCounts, left).map { $0 + $1 }
    refusalCounts = zip(refusalCounts, words(of: other.refusals)).map { $0 + $1 }
    evictionCounts = zip(evictionCounts, words(of: other.evictions)).map { $0 + $1 }
  }
}
