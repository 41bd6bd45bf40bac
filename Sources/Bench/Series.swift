/// The samples of one metric and size, by way, in the order of the rounds.
public struct Series: Sendable {
  /// The suite it belongs to.
  public let suite: Suite
  /// What was measured.
  public let metric: Metric
  /// Bytes of a message; nil where there is none.
  public let size: Int?
  /// In ``metric``'s unit.
  public internal(set) var samples: [Way: [Double]] = [:]
  /// What the datapath counted meanwhile.
  public internal(set) var traffic: [Way: Traffic] = [:]

  init(suite: Suite, metric: Metric, size: Int?) {
    self.suite = suite
    self.metric = metric
    self.size = size
  }

  /// The median of a way's samples; nil if it was not measured.
  public func median(of way: Way) -> Double? {
    samples[way].map { Bench.median($0) }
  }

  /// (largest - smallest) / median of a way's samples; nil if it was not measured.
  public func spread(of way: Way) -> Double? {
    samples[way].map { Bench.spread($0) }
  }

  /// Median of the shortcut to that of plain TCP; nil if either is missing.
  public var ratio: Double? {
    guard let shortcut = median(of: .shortcut), let plain = median(of: .plain), plain != 0 else {
      return nil
    }
    return shortcut / plain
  }

  /// The smallest and the largest ratio of a round.
  public var ratioRange: ClosedRange<Double>? {
    Bench.ratioRange(samples[.shortcut] ?? [], to: samples[.plain] ?? [])
  }

  /// Whether the goal is met; nil without a goal or a ratio.
  public var isGoalMet: Bool? {
    guard let goal = metric.goal, let ratio else { return nil }
    return goal.isMet(by: ratio)
  }
}
