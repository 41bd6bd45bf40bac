extension Results {
  /// The form for people: a table.
  public var lines: [String] {
    let rows = [Self.headings] + series.map(\.cells)
    let widths = Self.headings.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      return trimmed(cells.joined(separator: "  "))
    }
  }

  private static let headings = [
    "suite", "metric", "size", "plain", "shortcut", "AF_UNIX", "unit", "ratio", "range", "carried",
    "goal",
  ]

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}

extension Series {
  fileprivate var cells: [String] {
    [suite.rawValue, metric.name, size.map(sizeText) ?? ""]
      + Way.allCases.map { median(of: $0).map(number) ?? "" }
      + [
        metric.unit, ratio.map(hundredths) ?? "",
        ratioRange.map { "\(hundredths($0.lowerBound))-\(hundredths($0.upperBound))" } ?? "",
        traffic[.shortcut].map { "\(Int(($0.carried * 100).rounded()))%" } ?? "", goalText,
      ]
  }

  private var goalText: String {
    guard let goal = metric.goal, let isGoalMet else { return "" }
    return "\(goal.comparison) \(goal.bound) \(isGoalMet ? "met" : "MISSED")"
  }
}

private func sizeText(_ size: Int) -> String {
  size >= 1024 ? "\(size / 1024) KiB" : "\(size) B"
}

/// Three significant digits, never an exponent.
func number(_ value: Double) -> String {
  if value >= 100 { return "\(Int(value.rounded()))" }
  return value >= 10 ? fixed(value, tenths: 1) : hundredths(value)
}

private func hundredths(_ value: Double) -> String {
  fixed(value, tenths: 2)
}

/// A number of at least 0 with so many digits after the point.
private func fixed(_ value: Double, tenths digits: Int) -> String {
  let scale = digits == 1 ? 10 : 100
  let scaled = Int((value * Double(scale)).rounded())
  let fraction = String(scaled % scale)
  let padding = String(repeating: "0", count: digits - fraction.count)
  return "\(scaled / scale).\(padding)\(fraction)"
}
