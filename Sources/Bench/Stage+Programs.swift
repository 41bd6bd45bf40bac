/// The words of redis and of nginx's clients.
extension Stage {
  /// Connections at once, as the load generator has.
  private static let connections = "16"

  func redisServer(on way: Way) -> [String] {
    let place =
      way == .unix
      ? ["--port", "0", "--unixsocket", "\(socket(.redis)).0"]
      : ["--port", "\(port(.redis))", "--bind", address]
    return ["redis-server"] + place
      + [
        "--save", "", "--appendonly", "no", "--protected-mode", "no", "--dir", directory,
        "--loglevel", "warning",
      ]
  }

  func redisClient(on way: Way, test: String, pipeline: Int, requests: Int) -> [String] {
    ["redis-benchmark"] + redisPlace(way)
      + ["-t", test, "-P", "\(pipeline)", "-n", "\(requests)", "-c", Self.connections, "--csv"]
  }

  private func redisPlace(_ way: Way) -> [String] {
    way == .unix ? ["-s", "\(socket(.redis)).0"] : ["-h", address, "-p", "\(port(.redis))"]
  }

  /// It takes whole seconds alone; interrupted, it reports what it has.
  func wrk(size: Int) -> [String] {
    ["timeout", "--preserve-status", "--signal=INT", "\(plan.seconds)"]
      + ["wrk", "-t", "1", "-c", Self.connections, "-d", "3600", "--latency"]
      + [url(size: size)]
  }

  /// Succeeds when nginx answers, or else redis.
  func probe(_ service: Service, on way: Way) -> [String] {
    guard service == .web else { return ["redis-cli"] + redisPlace(way) + ["-e", "ping"] }
    let place = way == .unix ? ["--unix-socket", "\(socket(.web)).0"] : []
    return ["curl", "--silent", "--fail", "--output", "/dev/null", "--noproxy", "*"] + place
      + [url(size: website(on: way).sizes[0])]
  }

  private func url(size: Int) -> String {
    "http://\(bracketed):\(port(.web))/\(size)"
  }

  /// As it is written before a port.
  private var bracketed: String {
    address.contains(":") ? "[\(address)]" : address
  }

  func website(on way: Way) -> Website {
    Website(
      directory: "\(directory)/\(way.rawValue).nginx",
      listen: way == .unix ? "unix:\(socket(.web)).0" : "\(bracketed):\(port(.web))",
      sizes: Suite.http.sizes(chosen: plan.sizes))
  }
}
