public import JSON

/// Drives `shortcutctl` for one directory of pins.
public struct Shortcutctl: Sendable {
  /// The directory of pins.
  public let pins: String

  /// Nothing is run yet.
  public init(pins: String) {
    self.pins = pins
  }

  /// The command of one verb.
  public func command(_ verb: String, _ arguments: [String] = []) -> Command {
    Command(Products.path("shortcutctl"), [verb, "--bpffs-root", pins] + arguments)
  }

  /// Attaches the datapath to a cgroup, with more options of `load`.
  public func load(on cgroup: String, options: [String] = []) async throws {
    try await command("load", ["--cgroup", cgroup] + options).output()
  }

  /// Attaches a datapath that joins without proof of order.
  public func loadWithFault(on cgroup: String) async throws {
    try await Command(Products.path("load-with-fault"), ["unproven", pins, cgroup]).output()
  }

  /// Attaches a datapath that uses nothing older kernels lack; tells how it does without.
  public func loadAsOlderKernel(on cgroup: String) async throws -> String {
    try await Command(Products.path("load-with-fault"), ["older", pins, cgroup]).output()
  }

  /// Removes the datapath; succeeds when there is none.
  public func unload() async throws {
    try await command("unload").output()
  }

  /// What `status --json` tells.
  public func status() async throws -> StatusReport {
    try StatusReport(try await parse("status"))
  }

  /// What `pods --json` tells: an array.
  public func pods() async throws -> [JSONValue] {
    try await parse("pods").elements ?? []
  }

  /// What `connections --json` tells: an array.
  public func connections(of pods: String...) async throws -> [JSONValue] {
    try await parse("connections", pods).elements ?? []
  }

  private func parse(_ verb: String, _ arguments: [String] = []) async throws -> JSONValue {
    let text = try await command(verb, ["--json"] + arguments).output()
    return try JSONValue(parsing: Array(text.utf8))
  }
}
