/// One of the two directions of a connection, as its sender keeps it.
public struct Direction: Sendable, Hashable {
  /// Where the next message goes, as far as that is known.
  public enum State: String, Sendable, Hashable, CaseIterable {
    /// Over the shortcut.
    case shortcut
    /// Over the stack; it may use the shortcut again.
    case stack
    /// Over the stack for good: its receiver takes nothing but the stack's.
    case barred
    /// Over the stack for good, unseen: its sender is plain TCP again.
    case evicted
    /// Nowhere: its sender's socket is gone or closed.
    case closed
  }

  /// Where it goes.
  public var state: State
  /// Messages that took the shortcut.
  public var shortcutMessages: UInt64 = 0
  /// Their payload.
  public var shortcutBytes: UInt64 = 0
  /// Messages that took the stack while the datapath saw them: until an eviction.
  public var stackMessages: UInt64 = 0
  /// Payload that took the stack: what the datapath saw, or, if that is more, what has arrived.
  public var stackBytes: UInt64 = 0
  /// Why it last went from the shortcut to the stack; nil: it never did.
  public var lastLeave: LeaveReason?

  /// Nothing was sent yet.
  public init(_ state: State) {
    self.state = state
  }
}
