import ArgumentParser
import Bench

/// What is measured, how often and for how long.
struct BenchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of latency, bulk, small, connect, qperf, redis and http; default: the first four.",
      valueName: "a,b"))
  var suite: String?

  @Option(help: ArgumentHelp("Bytes of messages; default: each suite's own.", valueName: "n,n"))
  var size: String?

  @Option(help: "Samples of each kind.")
  var rounds = Plan().rounds

  @Option(help: "Length of a sample.")
  var seconds = Plan().seconds

  @Option(
    help: ArgumentHelp(
      "same: both ends on the first CPU (default); cross: on the first two; none: anywhere.",
      valueName: "pin"),
    transform: Self.pin)
  var pin = Pin.same

  @Option(help: "First of five ports that the servers listen on.")
  var port = Plan().port

  func validate() throws {
    _ = try plan()
  }

  func plan() throws -> Plan {
    var plan = Plan()
    plan.suites = try suite.map(suites) ?? plan.suites
    plan.sizes = try size.map(sizes) ?? []
    plan.rounds = try bounded("--rounds", rounds, in: 1...1000)
    plan.seconds = seconds
    plan.pin = pin
    plan.port = try bounded("--port", port, in: 1...65531)
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds \(seconds): give more than 0 and at most 3600")
    }
    return plan
  }

  private static func pin(_ text: String) throws -> Pin {
    guard let pin = Pin(rawValue: text) else {
      throw ValidationError("--pin \(text): give same, cross or none")
    }
    return pin
  }

  private func suites(_ text: String) throws -> [Suite] {
    try text.split(separator: ",").map { word in
      guard let suite = Suite(rawValue: String(word)) else {
        let all = Suite.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--suite \(word): give one or more of \(all)")
      }
      return suite
    }
  }

  private func sizes(_ text: String) throws -> [Int] {
    try text.split(separator: ",").map { word in
      guard let size = Int(word), (1...1_048_576).contains(size) else {
        throw ValidationError("--size \(word): give numbers from 1 to 1048576")
      }
      return size
    }
  }

  private func bounded(_ flag: String, _ value: Int, in range: ClosedRange<Int>) throws -> Int {
    guard range.contains(value) else {
      throw ValidationError("\(flag) \(value): give \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}
