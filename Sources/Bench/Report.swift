private import JSON

/// What a client reported: numbers by name.
struct Report {
  private let numbers: [String: Double]

  /// Reads a line of JSON, or what qperf writes. Numbers of qperf are in microseconds and Mb/s.
  init(_ text: String, of action: Point.Action) {
    switch action {
    case .load: numbers = Self.members(text)
    case .qperf: numbers = Self.tests(text)
    case .redis: numbers = Self.table(text)
    case .wrk: numbers = Self.requests(text)
    }
  }

  subscript(_ name: String) -> Double? { numbers[name] }

  private static func members(_ text: String) -> [String: Double] {
    let document = try? JSONValue(parsing: Array(text.utf8))
    let numbers = document?.members?.compactMap { name, value in
      value.realValue.map { (name, $0) }
    }
    return Dictionary(numbers ?? []) { first, _ in first }
  }

  /// `tcp_lat:` and, on the next line, `latency  =  8.5 us`.
  private static func tests(_ text: String) -> [String: Double] {
    var numbers: [String: Double] = [:]
    var test = ""
    for line in text.split(whereSeparator: \.isNewline) {
      if line.last == ":" { test = String(line.dropLast()) }
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 4, words[1] == "=", let unit = units[words[3]] else { continue }
      guard let value = Double(words[2].filter { $0 != "," }) else { continue }
      numbers[test] = value * unit
    }
    return numbers
  }

  /// Quoted and separated by commas: a line of headings, a line of values.
  private static func table(_ text: String) -> [String: Double] {
    let rows = text.split(whereSeparator: \.isNewline).map { line in
      line.split(separator: ",").map { $0.filter { $0 != "\"" } }
    }
    guard rows.count == 2, let column = rows[0].firstIndex(of: "rps"), column < rows[1].count,
      let rate = Double(rows[1][column])
    else { return [:] }
    return ["per_s": rate]
  }

  /// `Requests/sec:  24513.09`, `50%  643.00us`; with errors it counts for nothing.
  private static func requests(_ text: String) -> [String: Double] {
    guard !text.contains("Socket errors"), !text.contains("Non-2xx") else { return [:] }
    var numbers: [String: Double] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 2 else { continue }
      if words[0] == "Requests/sec:" { numbers["per_s"] = Double(words[1]) }
      if words[0] == "50%" { numbers["p50_us"] = duration(words[1]) }
    }
    return numbers
  }

  private static func duration(_ text: String) -> Double? {
    let unit = String(text.reversed().prefix { $0.isLetter }.reversed())
    guard let scale = ["us": 1.0, "ms": 1e3, "s": 1e6][unit] else { return nil }
    return Double(text.dropLast(unit.count)).map { $0 * scale }
  }

  /// To microseconds; bits and bytes per second to Mb/s.
  private static let units = [
    "ns": 1e-3, "us": 1, "ms": 1e3, "sec": 1e6,
    "bytes/sec": 8e-6, "KB/sec": 8e-3, "MB/sec": 8, "GB/sec": 8e3, "TB/sec": 8e6,
    "bits/sec": 1e-6, "Kb/sec": 1e-3, "Mb/sec": 1, "Gb/sec": 1e3, "Tb/sec": 1e6,
  ]
}
