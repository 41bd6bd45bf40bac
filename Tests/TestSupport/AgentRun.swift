public import JSON
import Linux

/// `shortcutd` while it runs on a road.
public struct AgentRun: Sendable {
  private let road: Road
  private let options: [String]
  /// Whose mounts it sees; nil: the machine's.
  private let runtime: ContainerRuntime?
  /// All the capabilities it has; nil: those of the tests.
  private let capabilities: [String]?
  /// The file its standard output goes to.
  private let output: String

  /// Where the agent's configuration file is looked for.
  public var configuration: String { "\(road.directory)/agent.json" }

  fileprivate init(
    on road: Road, beside runtime: ContainerRuntime?, capabilities: [String]?, options: [String]
  ) {
    self.road = road
    self.runtime = runtime
    self.capabilities = capabilities
    self.options = options
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
      ["-c", script, "shortcutd", output] + confinement + [Products.path("shortcutd")] + arguments
        + options)
  }

  private var confinement: [String] {
    guard let capabilities else { return [] }
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
  /// ends it, and expects that it ends well. It runs beside a runtime if one is given, and with
  /// no other capabilities than those that are given.
  public func withAgent(
    beside runtime: ContainerRuntime? = nil, capabilities: [String]? = nil,
    options: [String] = [], environment: [String: String] = [:],
    _ body: (AgentRun) async throws -> Void
  ) async throws {
    let run = AgentRun(
      on: self, beside: runtime, capabilities: capabilities, options: options)
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

  /// A killed agent leaves it.
  private func removeRunDirectory() {
    let name = shortcut.pins.split(separator: "/").last ?? ""
    _ = try? removeFile("/run/\(name)/agent.sock")
    _ = try? removeDirectory("/run/\(name)")
  }
}
