/// Everything a bench has measured.
public struct Results: Sendable {
  /// How it was measured.
  public let plan: Plan
  /// In the order they were measured.
  public internal(set) var series: [Series] = []

  init(plan: Plan) {
    self.plan = plan
  }

  mutating func add(
    _ value: Double, of metric: Metric, size: Int?, suite: Suite, way: Way
  ) {
    let index = index(of: metric, size: size, suite: suite)
    series[index].samples[way, default: []].append(value)
  }

  mutating func addTraffic(
    of metric: Metric, size: Int?, suite: Suite, way: Way, _ change: (inout Traffic) -> Void
  ) {
    let index = index(of: metric, size: size, suite: suite)
    change(&series[index].traffic[way, default: Traffic()])
  }

  private mutating func index(of metric: Metric, size: Int?, suite: Suite) -> Int {
    let found = series.firstIndex { $0.suite == suite && $0.metric == metric && $0.size == size }
    if let found { return found }
    series.append(Series(suite: suite, metric: metric, size: size))
    return series.count - 1
  }
}
