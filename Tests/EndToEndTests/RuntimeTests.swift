import JSON
import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// Real runtimes call a chain of real plugins, each in its own way.
  @Suite(.needsRuntimes) struct RuntimeTests {
    @Test(arguments: Chain.allCases)
    func libraryAddsChecksAndDeletesTwice(chain: Chain) async throws {
      try await chain.withRoad { road in
        try await road.addPod("pod")
        #expect(try await road.names() == ["pod"])
        let check = try await road.attempt("check", "pod")
        let refusal = "does not support the CHECK command"
        #expect(chain == .ptp ? check.isSuccess : check.error.contains(refusal), "\(check)")
        for _ in 0..<2 {
          try await road.verb("delete", "pod")
          try await road.expectNothingRegistered()
        }
      }
    }

    @Test(arguments: ContainerRuntime.Kind.allCases, Chain.allCases)
    func containersTakeTheShortcutAndAreForgotten(
      kind: ContainerRuntime.Kind, chain: Chain
    ) async throws {
      try await chain.withRoad { road in
        try await ContainerRuntime.with(kind, on: road) { runtime in
          async let server = runtime.addPod("server")
          async let client = runtime.addPod("client")
          let identifiers = try await [client, server]
          #expect(try await road.names() == ["client", "server"])
          #expect(try await road.pods("container_id") == identifiers)
          try await expectAllShortened(from: "client", to: "server", in: runtime, on: road)
          for pod in ["client", "server"] {
            try await runtime.stop(pod)
            try await runtime.stop(pod)
          }
          try await road.expectNothingRegistered()
          for pod in ["client", "server"] { try await runtime.remove(pod) }
          try await road.expectNothingRegistered()
        }
      }
    }
  }
}

private func expectAllShortened(
  from client: String, to server: String, in runtime: ContainerRuntime, on road: Road
) async throws {
  for family in [4, 6] {
    let before = try await road.shortcut.status()
    let address = try await runtime.address(of: server, family: family)
    let run = TortureRun(to: address, port: 7000 + family)
    let verdict = try await run.run(on: runtime)
    #expect(verdict.isClean, "\(address): \(verdict)")
    let status = try await road.shortcut.status()
    #expect(status.settled - before.settled == run.connections)
    #expect(status.shortcutBytes - before.shortcutBytes > verdict.bytes / 4, "of \(verdict.bytes)")
  }
}

extension Road {
  /// The names of the registered pods, sorted.
  func names() async throws -> [String] {
    try await pods("name")
  }

  /// One member of what `shortcutctl pods` tells, in the order of the pods' names.
  func pods(_ member: String) async throws -> [String] {
    try await shortcut.pods()
      .sorted { ($0["name"]?.stringValue ?? "") < ($1["name"]?.stringValue ?? "") }
      .map { $0[member]?.stringValue ?? "" }
  }

  func expectNothingRegistered() async throws {
    #expect(try await names() == [])
    #expect(try await allowlist() == 0)
  }
}
