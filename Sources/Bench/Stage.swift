private import Datapath
private import Linux

/// Where programs run: words that put them into a pod, and addresses they meet at.
struct Stage: Sendable {
  let client: End
  let server: End
  /// Where the server is reached, an IPv4 or IPv6 address.
  let address: String
  let plan: Plan
  /// Path of the load generator.
  let loadGenerator: String
  /// Holds AF_UNIX sockets; this process's own.
  let directory: String

  /// The command that runs a program at one end, on a way.
  func command(_ role: Role, on way: Way, _ program: [String]) -> [String] {
    let pinned = plan.pin.words(for: role) + program
    guard way != .unix else { return Self.bound + pinned }
    let end = role == .client ? client : server
    let inside = Self.bound + ["nsenter", "--net=\(end.netns)", "--"] + pinned
    guard let cgroup = end.cgroup else { return inside }
    return ["sh", "-c", Self.enter, "\(cgroup.path)/cgroup.procs"] + inside
  }

  /// It ends with this process, also when that is killed.
  private static let bound = ["setpriv", "--pdeathsig", "TERM", "--"]
  private static let enter = #"echo $$ >"$0" && exec "$@""#

  /// What a server runs.
  func server(_ service: Service, on way: Way) -> [String] {
    switch service {
    case .load: [loadGenerator, "serve"] + place(service, way)
    case .closing: [loadGenerator, "serve", "--close"] + place(service, way)
    case .qperf: ["qperf", "--listen_port", "\(port(service))"]
    case .redis: redisServer(on: way)
    case .web: ["nginx", "-c", website(on: way).configuration]
    }
  }

  /// What a client runs; `requests` is for those that count them instead of the time.
  func client(_ point: Point, on way: Way, requests: Int) -> [String] {
    switch point.action {
    case .load(let verb, let options):
      [loadGenerator, verb, "--seconds", "\(plan.seconds)", "--size", "\(point.size ?? 0)"]
        + place(point.service, way) + options
    case .qperf:
      // It takes whole seconds alone.
      [
        "qperf", "--listen_port", "\(port(point.service))", "--wait_server", "5", "-t",
        "\(max(1, Int(plan.seconds.rounded())))", "-oo", "msg_size:\(point.size ?? 1)", address,
      ] + point.metrics.map(\.member)
    case .redis(let test, let pipeline):
      redisClient(on: way, test: test, pipeline: pipeline, requests: requests)
    case .wrk: wrk(size: point.size ?? 0)
    }
  }

  private func place(_ service: Service, _ way: Way) -> [String] {
    let address = way == .unix ? "unix:\(socket(service))" : address
    return ["--address", address, "--port", "\(port(service))"]
  }

  func port(_ service: Service) -> Int {
    plan.port + service.portOffset
  }

  /// An AF_UNIX path; the load generator adds `.0` to it.
  func socket(_ service: Service) -> String {
    "\(directory)/\(service.portOffset).socket"
  }
}
