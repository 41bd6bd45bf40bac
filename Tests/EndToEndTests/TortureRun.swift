import TestSupport
import Testing

/// Byte-checked connections from one pod to another, or to itself.
struct TortureRun {
  var client = "client"
  var server = "server"
  /// What the server listens on: `::` takes IPv4 too.
  var listen = "::"
  /// What the client connects to, and the port if the server's is another.
  var to: String
  var toPort: Int?
  var port = 7000
  var connections = 200
  var seed = 1
  /// More options of the client.
  var options: [String] = []
  /// More options of the server.
  var serverOptions: [String] = []
  /// A short connection goes before all others: it stays plain and teaches what the server accepts.
  var warmsUp = true

  /// Runs both ends to their ends.
  func run(on host: some PodHost) async throws -> TortureVerdict {
    let (client, server) = (client, server)
    return try await run(
      client: { host.inside(client, Self.program, $0) },
      server: { host.inside(server, Self.program, $0) })
  }

  /// Like ``run(on:)``, from a process of the node instead of a pod.
  func runFromNode(on road: Road) async throws -> TortureVerdict {
    let server = server
    return try await run(
      client: { road.onNode(Self.program, $0) },
      server: { road.inside(server, Self.program, $0) })
  }

  /// Like ``run(on:)``, to a process of the node instead of a pod.
  func runToNode(on road: Road) async throws -> TortureVerdict {
    let client = client
    return try await run(
      client: { road.inside(client, Self.program, $0) },
      server: { road.onNode(Self.program, $0) })
  }

  private func run(
    client: ([String]) -> Command, server: ([String]) -> Command
  ) async throws -> TortureVerdict {
    let serve = server(serverArguments)
    async let served = serve.run()
    if warmsUp { try await client(warmUpArguments).output() }
    let called = try await client(clientArguments).run()
    return try await TortureVerdict(client: TortureReport(called), server: TortureReport(served))
  }

  /// Like ``run(on:)``, and over OVN again where the road cut a connection off, as Open vSwitch 3.1 in
  /// user space now and then does, of plain TCP's as well.
  func runWhereRoadHolds(on road: Road) async throws -> TortureVerdict {
    for _ in 0..<(road.kind == .ovn ? 2 : 0) {
      let verdict = try await run(on: road)
      guard !verdict.isClean, verdict.isOfTheRoad else { return verdict }
      print("the road cut a connection off: \(verdict)")
    }
    return try await run(on: road)
  }

  private static let program = Products.path("torture")

  private var serverArguments: [String] {
    [
      "serve", "--listen", listen, "--port", "\(port)",
      "--connections", "\(connections + (warmsUp ? 1 : 0))",
      "--seed", "\(seed)", "--idle", "20",
    ] + serverOptions
  }

  private var clientArguments: [String] {
    connectArguments(connections) + options
  }

  private var warmUpArguments: [String] {
    connectArguments(1) + ["--first-id", "\(connections)", "--calm", "--max-bytes", "1"]
  }

  private func connectArguments(_ count: Int) -> [String] {
    [
      "connect", "--to", to, "--port", "\(toPort ?? port)", "--connections", "\(count)",
      "--seed", "\(seed)",
    ]
  }
}

extension TortureRun {
  /// Connections that exchange bytes in both directions at this rate for a time.
  static func lasting(
    to address: String, seconds: Int, rate: Int = 20_000_000, options: [String] = []
  ) -> TortureRun {
    TortureRun(
      to: address, connections: 4,
      options: ["--parallel", "4", "--rate", "\(rate)", "--seconds", "\(seconds)"] + options)
  }
}

extension TortureRun {
  /// Every connection arrives whole, is paired, and a good part of its bytes takes the shortcut.
  func expectShortened(in runtime: ContainerRuntime, on road: Road) async throws {
    let before = try await road.shortcut.status()
    let verdict = try await run(on: runtime)
    let after = try await road.shortcut.status()
    #expect(verdict.isClean, "\(to): \(verdict)")
    #expect(after.settled - before.settled == connections)
    #expect(after.shortcutBytes - before.shortcutBytes > verdict.bytes / 10, "of \(verdict.bytes)")
  }
}
