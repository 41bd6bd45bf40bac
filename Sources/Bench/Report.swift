private import JSON

/// What a client reported: numbers by name.
struct Report {
  private let numbers: [String: Double]

  /// Reads a line of JSON, or what qperf writes. Numbers of qperf are in microseconds and Mb/s.
  init(_ text: String, of action: Point.Action) {
    switch action {
    case .load: numbers = Self.members(text)
    case .qperf: numbers = Self.tests(text)
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

  /// To microseconds; bits and bytes per second to Mb/s.
  private static let units = [
    "ns": 1e-3, "us": 1, "ms": 1e3, "sec": 1e6,
    "bytes/sec": 8e-6, "KB/sec": 8e-3, "MB/sec": 8, "GB/sec": 8e3, "TB/sec": 8e6,
    "bits/sec": 1e-6, "Kb/sec": 1e-3, "Mb/sec": 1, "Gb/sec": 1e3, "Tb/sec": 1e6,
  ]
}
