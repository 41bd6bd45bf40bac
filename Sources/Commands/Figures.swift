/// Seconds of nanoseconds, to the millisecond.
func seconds(_ nanoseconds: UInt64) -> Double {
  Double(nanoseconds / 1_000_000) / 1000
}

/// A number in three digits or so: `999`, `1.2k`, `34M`.
func count(_ number: UInt64) -> String {
  var rest = Double(number)
  var unit = ""
  for next in ["k", "M", "G", "T", "P"] where rest >= 1000 {
    rest /= 1000
    unit = next
  }
  guard !unit.isEmpty else { return "\(number)" }
  let tenths = Int(rest * 10)
  return rest < 10 ? "\(tenths / 10).\(tenths % 10)\(unit)" : "\(Int(rest))\(unit)"
}

/// A time in its two largest units: `12s`, `3m05s`, `2h14m`, `9d03h`.
func span(_ nanoseconds: UInt64) -> String {
  let seconds = nanoseconds / 1_000_000_000
  func pair(_ large: UInt64, _ unit: String, _ small: UInt64, _ rest: String) -> String {
    "\(large)\(unit)\(small < 10 ? "0" : "")\(small)\(rest)"
  }
  switch seconds {
  case ..<60: return "\(seconds)s"
  case ..<3600: return pair(seconds / 60, "m", seconds % 60, "s")
  case ..<86400: return pair(seconds / 3600, "h", seconds / 60 % 60, "m")
  default: return pair(seconds / 86400, "d", seconds / 3600 % 24, "h")
  }
}

/// Lines whose columns stand below each other; the last one may be of any width.
func table(_ rows: [[String]]) -> [String] {
  var widths: [Int] = []
  for row in rows {
    for (index, cell) in row.enumerated() {
      if index == widths.count { widths.append(0) }
      widths[index] = max(widths[index], cell.count)
    }
  }
  return rows.map { row in
    let cells = row.enumerated().map { index, cell in
      index + 1 == row.count
        ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
    }
    return cells.joined(separator: "  ")
  }
}
