private import Linux

/// A server that a suite starts on each way.
enum Service: Sendable, Hashable, CaseIterable {
  /// The load generator's.
  case load
  /// The same, closing each connection at once.
  case closing
  /// qperf's.
  case qperf
  /// redis-server.
  case redis
  /// nginx.
  case web

  /// Added to the first port: servers of one pod live side by side.
  var portOffset: Int {
    switch self {
    case .load: 0
    case .closing: 1
    case .qperf: 2
    case .redis: 3
    case .web: 4
    }
  }

  /// The programs that its two ends need besides the load generator, and where Debian has them.
  var programs: (names: [String], package: String) {
    switch self {
    case .load, .closing: ([], "")
    case .qperf: (["qperf"], "qperf")
    case .redis: (["redis-server", "redis-benchmark", "redis-cli"], "redis")
    case .web: (["nginx", "wrk", "curl"], "nginx-light wrk curl")
    }
  }

  /// Throws ``BenchError`` that names the first program that is not there.
  func requirePrograms() throws(BenchError) {
    let directories = (environment("PATH") ?? "").split(separator: ":")
    for name in programs.names where !directories.contains(where: { exists("\($0)/\(name)") }) {
      throw BenchError(
        operation: "start", subject: name,
        reason: "not in PATH: on Debian, apt-get install \(programs.package)")
    }
  }
}
