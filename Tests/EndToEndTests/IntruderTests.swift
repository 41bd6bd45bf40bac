import JSON
import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// A registered pod that has every capability in its own network namespace, and knows what it
  /// cannot know, gets nothing that is not its own.
  @Suite struct IntruderTests {
    /// `repair`: a socket that is established by TCP_REPAIR with the numbers of another's handshake.
    /// `answer`: one whose SYN is answered by a raw socket with another's number.
    @Test(arguments: ["repair", "answer"])
    func numbersOfAnothersHandshakeOpenNothing(attack: String) async throws {
      try await Road.withThirdPod { road in
        try await road.expectNothing(of: attack)
      }
    }

    @Test func addressesOfOthersOpenNothing() async throws {
      try await Road.withThirdPod { road in
        try await road.expectNothing(of: "spoof")
      }
    }

    @Test func whatWasNotReadDoesNotReachTheNextConnectionOfTheSamePorts() async throws {
      try await Road.withThirdPod { road in
        let before = try await road.shortcut.status()
        let outcome = try await road.intrude("reuse")
        #expect(outcome["stolen"] == 0, "\(outcome)")
        #expect(outcome["intact"] == 200, "\(outcome)")
        let after = try await road.shortcut.status()
        #expect(after.pairs - before.pairs > 100, "hardly any was paired: nothing tested")
        #expect(after.shortcutBytes > before.shortcutBytes)
      }
    }
  }
}

extension Road {
  /// The attack gains no byte and no pair, and costs its victims none.
  fileprivate func expectNothing(of attack: String) async throws {
    let outcome = try await intrude(attack)
    #expect(outcome["stolen"] == 0, "\(outcome)")
    #expect(outcome["injected"] == 0, "\(outcome)")
    #expect(outcome["paired"] == 0, "\(outcome)")
    #expect(outcome["intact"]?.integerValue == 200, "\(outcome)")
  }

  fileprivate static func withThirdPod(_ body: (Road) async throws -> Void) async throws {
    let options = ["--pair-short-lived"]
    try await with(.bridge, pods: ["client", "server", "third"], options: options, body)
  }

  /// From outside the pods' cgroup, as a process that no datapath sees.
  fileprivate func intrude(_ attack: String) async throws -> JSONValue {
    var addresses: [String] = []
    for pod in ["server", "third", "client"] { addresses.append(try await address(of: pod)) }
    let output = try await Command(
      Products.path("intrude"),
      [attack, directory, cgroup(), ControlGroup.root().path, shortcut.pins] + addresses
    ).output()
    return try JSONValue(parsing: Array(output.utf8))
  }
}
