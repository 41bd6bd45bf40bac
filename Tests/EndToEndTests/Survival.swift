import JSON
import Linux
import TestSupport
import Testing

/// What befalls a node while byte-checked connections are open.
struct Survival {
  let road: Road
  /// How long connections last; as long as something befalls the node, others follow them.
  var seconds = 5
  /// Whether pods can be registered afterwards.
  var registers = true
  /// What `status` says afterwards.
  var state = "loaded"

  /// Runs `body` while connections use the shortcut. Expects that every byte arrived, that `status`
  /// tells the truth, and that a new pod starts.
  func during(_ body: () async throws -> Void) async throws {
    let address = try await road.address(of: "server")
    let ending = Ending()
    async let traffic: Void = expectTraffic(to: address, until: ending)
    do {
      try await road.waitForTraffic()
      try await body()
    } catch {
      await ending.come()
      throw error
    }
    await ending.come()
    try await traffic
    try await expectAPodStarts()
  }

  private func expectTraffic(to address: String, until ending: Ending) async throws {
    var run = TortureRun.lasting(to: address, seconds: seconds, rate: 3_000_000)
    repeat {
      let verdict = try await run.run(on: road)
      #expect(verdict.isClean, "\(verdict)")
      (run.port, run.seed) = (run.port + 10, run.seed + 1)
    } while await !ending.hasCome
  }

  /// Expects what must hold after anything.
  func expectAPodStarts() async throws {
    let status = try await road.shortcut.status()
    #expect(status.state == state)
    #expect(status.isLoaded == (state == "loaded"))
    try await road.addPod("late")
    if registers { #expect(try await road.names().contains("late")) }
    try await road.verb("unpod", "late")
  }
}

/// Tells one task that another is through.
private actor Ending {
  private(set) var hasCome = false

  func come() {
    hasCome = true
  }
}

extension Road {
  /// The link that attaches the datapath, and its program, as the kernel calls them.
  func link() async throws -> (identifier: Int64, program: Int64) {
    let path = "\(shortcut.pins)/link"
    let text = try await Command("bpftool", ["-j", "link", "show", "pinned", path]).output()
    let document = try JSONValue(parsing: Array(text.utf8))
    let link = document.elements?.first ?? document
    return (
      try #require(link["id"]?.integerValue), try #require(link["prog_id"]?.integerValue)
    )
  }

  /// Waits until `status` says so.
  func wait(forState state: String) async throws {
    for _ in 0..<200 where try await shortcut.status().state != state {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try await shortcut.status().state == state)
  }

  /// Waits until exactly these pods are registered.
  func wait(forPods pods: [String]) async throws {
    for _ in 0..<300 where try await names() != pods {
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(try await names() == pods)
  }

  /// Waits until live connections have moved so many bytes more on the shortcut.
  func waitForShortcutBytes() async throws {
    let before = try await shortcut.status().shortcutBytes
    for _ in 0..<200 where try await shortcut.status().shortcutBytes < before + 1 << 20 {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try await shortcut.status().shortcutBytes >= before + 1 << 20)
  }

  /// Loads another build of the programs; returns what became of them.
  func loadOtherBuild() async throws -> String {
    let command = Command(Products.path("load-other-build"), [shortcut.pins, try await cgroup()])
    let output = try await command.output()
    return String(output.prefix { !$0.isNewline })
  }
}
