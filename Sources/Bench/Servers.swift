private import Linux

/// The servers of a suite, one for each service and road; they end with their owner.
struct Servers: ~Copyable {
  private let processes: [Running]

  /// Starts what the points need, and waits until it listens.
  init(for points: [Point], on stage: Stage) throws(BenchError) {
    var processes: [Running] = []
    for service in Service.allCases {
      let ways = Set(points.filter { $0.service == service }.flatMap(\.ways))
      // Plain and shortened connections have the same server.
      for way in [Way.shortcut, .unix] where ways.contains(way) {
        processes.append(try Running(service, on: way, stage))
      }
    }
    self.processes = processes
  }

  /// Ends them now.
  consuming func end() {}
}

/// A reference, because arrays hold none of what cannot be copied.
private final class Running {
  private let process: ChildProcess

  init(_ service: Service, on way: Way, _ stage: Stage) throws(BenchError) {
    let words = stage.command(.server, on: way, stage.server(service, on: way))
    if service == .web { try stage.website(on: way).make() }
    process = try system { () throws(LinuxError) in try ChildProcess(words) }
    switch service {
    case .load, .closing: try readGreeting(of: words)
    case .redis, .web:
      try Self.await(stage.command(.client, on: way, stage.probe(service, on: way)))
    // It says nothing; its client waits for it.
    case .qperf: break
    }
  }

  private func readGreeting(of words: [String]) throws(BenchError) {
    let greeting = try system { () throws(LinuxError) in try process.readLine() }
    guard greeting == "ready" else {
      throw BenchError(
        operation: "start", subject: words.joined(separator: " "),
        reason: "it does not listen: is the port free? See --port")
    }
  }

  /// Tries until it succeeds, or for five seconds; what it says meanwhile is of no use.
  private static func await(_ probe: [String]) throws(BenchError) {
    let quiet = ["sh", "-c", #"exec "$@" 2>/dev/null"#, "sh"]
    for _ in 0..<50 {
      let answers = try system { () throws(LinuxError) in
        var client = try ChildProcess(quiet + probe)
        _ = try client.readOutput()
        return try client.succeeds()
      }
      if answers { return }
      sleepMilliseconds(100)
    }
    throw BenchError(
      operation: "reach server by", subject: probe.joined(separator: " "),
      reason: "no answer: is the port free? See --port")
  }
}
