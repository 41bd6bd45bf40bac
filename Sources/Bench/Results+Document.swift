public import JSON

extension Results {
  /// The form of `bench --json`: the same as that of `Tests/Bench/run --json`.
  ///
  /// `kernel` and `processors` describe the machine.
  public func document(kernel: String, processors: Int) -> JSONValue {
    .object([
      ("schema", 1),
      ("kernel", .string(kernel)),
      ("cpus", .integer(Int64(processors))),
      ("rounds", .integer(Int64(plan.rounds))),
      ("seconds", .real(plan.seconds)),
      ("results", .array(series.map { $0.document(pin: plan.pin) })),
    ])
  }
}

extension Series {
  fileprivate func document(pin: Pin) -> JSONValue {
    .object(
      [
        ("road", "existing"), ("pin", .string(pin.rawValue)), ("suite", .string(suite.rawValue)),
        ("metric", .string(metric.name)), ("unit", .string(metric.unit)),
        ("size", size.map { .integer(Int64($0)) } ?? .null),
        ("better", metric.isBetterLower ? "lower" : "higher"),
      ] + byWay { .array((samples[$0] ?? []).map { .real($0) }) } + [
        ("median", .object(byWay { .real(median(of: $0) ?? 0) })),
        ("spread", .object(byWay { .real(spread(of: $0) ?? 0) })),
        ("ratio", ratio.map { .real($0) } ?? .null),
        ("ratio_range", ratioRange.map { [.real($0.lowerBound), .real($0.upperBound)] } ?? .null),
        ("pairs", .object(byTraffic { .unsigned($0.pairs) })),
        ("carried", .object(byTraffic { .real($0.carried) })),
        ("goal", goalDocument),
      ])
  }

  private var goalDocument: JSONValue {
    guard let goal = metric.goal, let isGoalMet else { return .null }
    return .object([
      ("comparison", .string(goal.comparison)), ("bound", .real(goal.bound)),
      ("met", .bool(isGoalMet)),
    ])
  }

  /// One member for each way that was measured.
  private func byWay(_ value: (Way) -> JSONValue) -> [(String, JSONValue)] {
    Way.allCases.filter { samples[$0] != nil }.map { ($0.rawValue, value($0)) }
  }

  private func byTraffic(_ value: (Traffic) -> JSONValue) -> [(String, JSONValue)] {
    Way.allCases.compactMap { way in traffic[way].map { (way.rawValue, value($0)) } }
  }
}
