public import JSON
import Linux

/// `shortcutd` while it runs on a road.
public struct AgentRun: Sendable {
  private let road: Road
  private let options: [String]
  /// Whose mounts it sees; nil: the machine's.
  private let runtime: ContainerRuntime?
  /// What runs the agent, as `unshare` does, with what comes before the agent's path.
  private let prefix: [String]
  /// The file its standard output goes to.
  private let output: String

  /// Where the agent's configuration file is looked for.
  public var configuration: String { "\(road.directory)/agent.json" }

  fileprivate init(
    on road: Road, beside runtime: ContainerRuntime?, options: [String], prefix: [String]
  ) {
    self.road = road
    self.runtime = runtime
    self.options = options
    self.prefix = prefix
    output = "\(road.directory)/agent.log"
  }

  fileprivate func command() async throws -> Command {
    var arguments = ["--bpffs-root", road.shortcut.pins, "--cgroup", try await road.cgroup()]
    if exists(configuration) { arguments += ["--config", configuration] }
    if !options.contains("--metrics") { arguments += ["--metrics", "none"] }
    if !options.contains("--runtime") { arguments += ["--runtime", "none"] }
    arguments += road.kind == .ovn ? [] : ["--ovsdb", "none", "--bridge", "none"]
    if road.kind == .ovn && !options.contains("--ovsdb") {
      arguments += ["--ovsdb", "\(road.directory)/openvswitch/db.sock"]
    }
    if road.kind == .ovn { arguments += ["--bridge", "\(road.directory)/openvswitch/br-int.mgmt"] }
    let script = #"log=$1; shift; exec "$@" >>"$log" 2>&1"#
    return place(
      "bash",
      ["-c", script, "shortcutd", output] + prefix + [Products.path("shortcutd")] + arguments
        + options)
  }

  /// A prefix: it has no other capabilities than these.
  public static func confined(to capabilities: [String]) -> [String] {
    let kept = capabilities.map { ",+\($0.lowercased())" }.joined()
    return ["setpriv", "--bounding-set=-all\(kept)", "--inh-caps=-all", "--"]
  }

  private func place(_ program: String, _ arguments: [String]) -> Command {
    runtime?.onNode(program, arguments) ?? Command(program, arguments)
  }

  /// What it tells about itself; nil when it does not run.
  public func report() async throws -> JSONValue? {
    let status = road.shortcut.command("status", ["--json"])
    let text = try await place(status.program, status.arguments).output()
    let agent = try JSONValue(parsing: Array(text.utf8))["agent"]
    return agent?.members == nil ? nil : agent
  }

  /// All it has said so far.
  public func log() throws -> String { try readText(output) }

  /// Sends it a signal, by the signal's name.
  public func signal(_ name: String) async throws {
    guard let process = try await report()?["pid"]?.integerValue else {
      throw AgentNeverDid(what: "answer", log: try log())
    }
    try await Command("kill", ["-\(name)", "\(process)"]).output()
  }

  /// Waits until what it tells is so.
  public func wait(
    for what: String, _ condition: (JSONValue) -> Bool
  ) async throws {
    for _ in 0..<300 {
      if let report = try await report(), condition(report) { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw AgentNeverDid(what: what, log: (try? log()) ?? "")
  }
}

/// What a test waited for in vain, and what the agent said.
public struct AgentNeverDid: Error, Sendable {
  /// What was waited for.
  public let what: String
  /// The agent's words.
  public let log: String
}

extension Road {
  /// Runs the agent for the time of `body`, which begins when it follows what it is told to; then
  /// ends it, and expects that it ends well. It runs beside a runtime if one is given, and by what
  /// is put before it.
  public func withAgent(
    beside runtime: ContainerRuntime? = nil, options: [String] = [],
    environment: [String: String] = [:], prefix: [String] = [],
    _ body: (AgentRun) async throws -> Void
  ) async throws {
    let run = AgentRun(on: self, beside: runtime, options: options, prefix: prefix)
    var command = try await run.command()
    command.environment = environment
    let process = Task { [command] in try await command.run() }
    do {
      try await run.wait(for: "follow") { report in
        ["ovsdb", "flows"].allSatisfy { report[$0]?["state"] != "away" }
          && report["loaded"] == true
      }
      try await body(run)
      try await run.signal("TERM")
    } catch {
      process.cancel()
      _ = try? await process.value
      removeRunDirectory()
      throw error
    }
    let completion = try await process.value
    removeRunDirectory()
    guard completion.isSuccess else {
      throw CommandError(command: command, reason: "\(completion.end)\n\(try run.log())")
    }
  }

  /// The command of an agent that nobody waits for, as who kills it wants it.
  public func agentCommand() async throws -> Command {
    try await AgentRun(on: self, beside: nil, options: [], prefix: []).command()
  }

  /// A killed agent leaves it.
  private func removeRunDirectory() {
    let name = shortcut.pins.split(separator: "/").last ?? ""
    _ = try? removeFile("/run/\(name)/agent.sock")
    _ = try? removeDirectory("/run/\(name)")
  }
}
