import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// Programs of another vendor on the same cgroup go on as if nobody else were there.
  @Suite struct ForeignTests {
    @Test func callbacksThatAnotherAskedForGoOnAfterAnEviction() async throws {
      try await Road.with(.bridge) { road in
        try await road.withForeign("watch") { foreign in
          for pod in ["client", "server"] { try await road.addPod(pod) }
          try await road.serving { load in
            _ = try await load("ping", ["--seconds", "0.1"])
            let before = try await foreign.count()
            let evicted = try await road.shortcut.status().evictions["small"] ?? 0
            _ = try await load("stream", ["--size", "16", "--seconds", "0.5"])
            #expect(try await road.shortcut.status().evictions["small"] ?? 0 == evicted + 2)
            #expect(try await foreign.count() - before > 200)
          }
        }
      }
    }

    @Test func socketsThatAnotherOwnsStayPlainAndAreCounted() async throws {
      try await Road.with(.bridge) { road in
        try await road.withForeign("own") { _ in
          for pod in ["client", "server"] { try await road.addPod(pod) }
          let address = try await road.address(of: "server")
          let run = TortureRun(to: address)
          let verdict = try await run.run(on: road)
          #expect(verdict.isClean, "\(verdict)")
          let status = try await road.shortcut.status()
          #expect(status.pairs == 0)
          #expect(status.refusals["owned"] == run.connections)
        }
      }
    }
  }
}

/// The other vendor's programs on a road's cgroup.
private struct Foreign {
  let pins: String

  /// How many round trips it was told of.
  func count() async throws -> Int {
    let text = try await Self.command(["count", pins]).output()
    return Int(text.filter(\.isNumber)) ?? -1
  }

  static func command(_ arguments: [String]) -> Command {
    Command("\(Products.repository)/Tests/Foreign/foreign", arguments)
  }
}

extension Road {
  /// The other vendor is there first, and stays for the time of `body`.
  fileprivate func withForeign(
    _ role: String, _ body: (Foreign) async throws -> Void
  ) async throws {
    let foreign = Foreign(pins: shortcut.pins + "-foreign")
    let cgroup = try await cgroup()
    try await Foreign.command(["up", role, cgroup, foreign.pins]).output()
    let down = Foreign.command(["down", cgroup, foreign.pins])
    do {
      try await load()
      try await body(foreign)
    } catch {
      _ = try? await Task { try await down.output() }.value
      throw error
    }
    try await down.output()
  }
}
