public import Datapath
private import Linux

/// Measures between two pods: plain TCP, while both are paused, and the shortcut in turn.
///
/// Their other connections leave the shortcut for the plain samples and may come back afterwards.
/// When this process is gone, however it went, both pods are resumed.
public struct Comparison: ~Copyable {
  private let stage: Stage
  private let pins: PinDirectory
  private let registry: Registry
  private let guardian: Guardian
  private var isPaused = false
  /// Requests per second of redis-benchmark's last samples.
  private var rates: [Trial: Double] = [:]

  private struct Trial: Hashable {
    let point: Point
    let way: Way
  }

  /// Gets ready; `program` is `shortcutctl`. Throws ``BenchError``.
  public init(
    plan: Plan, client: End, server: End, address: String?, loadGenerator: String,
    program: String, pins: PinDirectory
  ) throws(BenchError) {
    guard let address = address ?? server.address?.description else {
      throw BenchError(
        operation: "find address of", subject: server.name, reason: "it has none: give --address")
    }
    let points = plan.suites.flatMap { $0.points(sizes: plan.sizes) }
    for service in Set(points.map(\.service)) { try service.requirePrograms() }
    let registry = try datapath { () throws(DatapathError) in try Registry(pins) }
    try Self.refusePaused([client, server], registry)
    var (client, server) = (client, server)
    let directory = "/run/shortcut-bench-\(processIdentifier())"
    let made = [directory] + [client, server].compactMap { Self.cgroupPath($0) }
    let guardian = try Guardian(
      program: program, pins: pins.path, pods: (client.name, server.name), directories: made)
    try system { () throws(LinuxError) in try makeDirectory(directory) }
    client.cgroup = try Self.makeCgroup(client)
    server.cgroup = try Self.makeCgroup(server)
    stage = Stage(
      client: client, server: server, address: address, plan: plan,
      loadGenerator: loadGenerator, directory: directory)
    self.pins = pins
    self.registry = registry
    self.guardian = guardian
  }

  /// Whoever paused it does not want it resumed by us.
  private static func refusePaused(
    _ ends: [End], _ registry: borrowing Registry
  ) throws(BenchError) {
    for end in ends {
      for attachment in end.attachments {
        let isPaused = try datapath { () throws(DatapathError) in
          try registry.isPaused(attachment.value)
        }
        guard isPaused else { continue }
        throw BenchError(
          operation: "measure", subject: end.name,
          reason: "it is paused: shortcutctl resume \(end.name)")
      }
    }
  }

  /// A pod's own cgroup may have children, and then no processes.
  private static func makeCgroup(_ end: End) throws(BenchError) -> ControlGroup? {
    guard let path = cgroupPath(end) else { return nil }
    // One pod may be both ends.
    guard !exists(path) else { return ControlGroup(path: path) }
    return try system { () throws(LinuxError) in
      try end.cgroup?.child(named: childName)
    }
  }

  private static func cgroupPath(_ end: End) -> String? {
    end.cgroup.map { "\($0.path)/\(childName)" }
  }

  private static var childName: String { "shortcut-bench-\(processIdentifier())" }

  /// Takes all samples; `progress` is told each before it is taken. Throws ``BenchError``.
  public mutating func run(progress: (String) -> Void) throws(BenchError) -> Results {
    var results = Results(plan: stage.plan)
    for suite in stage.plan.suites {
      let points = suite.points(sizes: stage.plan.sizes)
      let servers = try Servers(for: points, on: stage)
      for round in 0..<stage.plan.rounds {
        for point in points {
          try measure(point, of: suite, round: round, into: &results, progress: progress)
        }
      }
      servers.end()
    }
    try setPaused(false)
    return results
  }

  /// Each way is first as often as last: what comes second may profit from it, or pay.
  private mutating func measure(
    _ point: Point, of suite: Suite, round: Int, into results: inout Results,
    progress: (String) -> Void
  ) throws(BenchError) {
    for way in round.isMultiple(of: 2) ? point.ways : point.ways.reversed() {
      let size = point.size.map { " \($0) B" } ?? ""
      progress("\(suite.rawValue)\(size), \(way.rawValue), \(round + 1) of \(stage.plan.rounds)")
      try setPaused(way == .plain)
      let before = try counters()
      let report = try report(of: point, on: way)
      let after = try counters()
      for metric in point.metrics {
        guard let value = report[metric.member] else {
          throw BenchError(
            operation: "measure", subject: "\(suite.rawValue)\(size), \(way.rawValue)",
            reason: "the client reported no \(metric.member)")
        }
        results.add(value, of: metric, size: point.size, suite: suite, way: way)
        guard way != .unix else { continue }
        results.addTraffic(of: metric, size: point.size, suite: suite, way: way) {
          $0.add(from: before, to: after)
        }
      }
    }
  }

  /// Who counts requests instead of the time gets as many as the sample before promises; first some
  /// that count for nothing.
  private mutating func report(of point: Point, on way: Way) throws(BenchError) -> Report {
    let trial = Trial(point: point, way: way)
    guard case .redis = point.action else { return try report(of: trial, requests: 0) }
    if rates[trial] == nil {
      rates[trial] = try report(of: trial, requests: 1000)["per_s"]
    }
    let requests = max(1000, Int((rates[trial] ?? 0) * stage.plan.seconds))
    let report = try report(of: trial, requests: requests)
    rates[trial] = report["per_s"]
    return report
  }

  private func report(of trial: Trial, requests: Int) throws(BenchError) -> Report {
    let words = stage.command(
      .client, on: trial.way, stage.client(trial.point, on: trial.way, requests: requests))
    var client = try system { () throws(LinuxError) in try ChildProcess(words) }
    let text = try system { () throws(LinuxError) in try client.readOutput() }
    let isDone = try system { () throws(LinuxError) in try client.succeeds() }
    guard isDone else {
      throw BenchError(
        operation: "run", subject: words.joined(separator: " "), reason: "it did not succeed")
    }
    return Report(text, of: trial.point.action)
  }

  private func counters() throws(BenchError) -> Counters {
    try datapath { () throws(DatapathError) in try Status(pins) }.counters
  }

  private mutating func setPaused(_ isPaused: Bool) throws(BenchError) {
    guard isPaused != self.isPaused else { return }
    for end in [stage.client, stage.server] {
      for attachment in end.attachments {
        try datapath { () throws(DatapathError) in
          try registry.setPaused(isPaused, for: attachment.key)
        }
      }
    }
    self.isPaused = isPaused
  }
}
