/// What can be measured between two pods.
public enum Suite: String, Sendable, Hashable, CaseIterable {
  /// One message there and back at a time.
  case latency
  /// Large messages one way.
  case bulk
  /// Small messages one way, with and without Nagle's algorithm.
  case small
  /// Connections that live for one request, or for none.
  case connect
  /// qperf's latency and bandwidth: its sockets block, so it needs pods annotated `"all"`.
  case qperf
  /// redis-benchmark, whose sockets block, too, against redis-server.
  case redis
  /// Requests over kept-alive connections to nginx.
  case http

  /// The sizes of messages unless others are asked for; bytes.
  var sizes: [Int] {
    switch self {
    case .latency: [1, 16, 64, 256, 1024, 4096, 16384, 65536]
    case .bulk: [16384, 65536, 262144]
    case .small: [1, 4, 16, 64, 128, 256, 512, 1024, 4096]
    case .connect: [64]
    case .qperf: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144]
    case .redis: []
    case .http: [128, 16384]
    }
  }

  /// These sizes, or else its own.
  func sizes(chosen: [Int]) -> [Int] { chosen.isEmpty ? sizes : chosen }

  /// Everything it measures, for these sizes or else its own.
  func points(sizes chosen: [Int]) -> [Point] {
    let sizes = sizes(chosen: chosen)
    switch self {
    case .latency: return sizes.map(Self.ping)
    case .bulk:
      return sizes.map { Self.stream($0, named: "stream", options: [], goal: .atLeast(1.8)) }
    case .small: return sizes.flatMap(Self.small)
    case .connect: return sizes.map(Self.request) + [Self.raw]
    case .qperf: return sizes.map(Self.qperf)
    case .redis: return [1, 16].flatMap { [Self.redis("get", $0), Self.redis("set", $0)] }
    case .http: return sizes.flatMap { [Self.wrk($0), Self.keepAlive($0)] }
    }
  }

  private static func ping(size: Int) -> Point {
    Point(
      action: .load(verb: "ping", options: []), size: size,
      metrics: [
        Metric("p50", "us", from: "p50_us", goal: .atMost(0.4)),
        Metric("p99", "us", from: "p99_us"), Metric("p99.9", "us", from: "p999_us"),
      ], ways: Way.allCases, service: .load)
  }

  private static func stream(
    _ size: Int, named name: String, options: [String], goal: Goal
  ) -> Point {
    let metric = Metric(name, "MB/s", from: "mb_per_s", goal: goal)
    return Point(
      action: .load(verb: "stream", options: options), size: size, metrics: [metric],
      ways: options.isEmpty ? Way.allCases : [.plain, .shortcut], service: .load)
  }

  private static func small(size: Int) -> [Point] {
    [
      stream(size, named: "nagle", options: [], goal: .atLeast(1)),
      stream(size, named: "nodelay", options: ["--no-delay"], goal: .atLeast(1)),
    ]
  }

  private static func request(size: Int) -> Point {
    let metric = Metric("request", "per s", from: "per_s", goal: .atLeast(0.98))
    return Point(
      action: .load(verb: "connect", options: []), size: size, metrics: [metric],
      ways: [.plain, .shortcut], service: .load)
  }

  private static let raw = Point(
    action: .load(verb: "connect", options: []), size: nil,
    metrics: [Metric("raw", "per s", from: "per_s", goal: .atLeast(0.98))],
    ways: [.plain, .shortcut], service: .closing)

  private static func redis(_ test: String, _ pipeline: Int) -> Point {
    let metric = Metric(
      "\(test.uppercased()) -P \(pipeline)", "per s", from: "per_s", goal: .atLeast(1))
    return Point(
      action: .redis(test: test, pipeline: pipeline), size: nil, metrics: [metric],
      ways: Way.allCases, service: .redis)
  }

  private static func wrk(_ size: Int) -> Point {
    Point(
      action: .wrk, size: size,
      metrics: [
        Metric("wrk", "per s", from: "per_s"), Metric("wrk p50", "us", from: "p50_us"),
      ], ways: [.plain, .shortcut], service: .web)
  }

  private static func keepAlive(_ size: Int) -> Point {
    Point(
      action: .load(verb: "http", options: ["--path", "/\(size)"]), size: size,
      metrics: [Metric("keep-alive", "per s", from: "per_s")], ways: Way.allCases, service: .web)
  }

  private static func qperf(size: Int) -> Point {
    Point(
      action: .qperf, size: size,
      metrics: [
        Metric("tcp_lat", "us", from: "tcp_lat"), Metric("tcp_bw", "Mb/s", from: "tcp_bw"),
      ], ways: [.plain, .shortcut], service: .qperf)
  }
}
