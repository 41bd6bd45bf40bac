/// What is measured, how often and for how long.
public struct Plan: Sendable, Hashable {
  /// In this order.
  public var suites: [Suite] = [.latency, .bulk, .small, .connect]
  /// Bytes of messages; empty: what each suite has.
  public var sizes: [Int] = []
  /// Samples of each kind.
  public var rounds = 5
  /// Length of a sample.
  public var seconds = 0.5
  /// Where the ends run.
  public var pin = Pin.same
  /// The first of the ports that the servers listen on.
  public var port = 7000

  /// The defaults.
  public init() {}
}
