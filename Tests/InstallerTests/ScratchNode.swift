import Glibc
import Linux
import TestSupport

/// The directories of a container runtime that nobody uses.
struct ScratchNode: Sendable {
  let directory: String

  var configurations: String { "\(directory)/net.d" }
  var plugins: String { "\(directory)/bin" }
  var executable: String { "\(plugins)/shortcut-cni" }

  /// For the time of `body`, with these files.
  static func with(
    _ files: [String: String] = [:], _ body: (ScratchNode) async throws -> Void
  ) async throws {
    let name = "shortcut-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let node = ScratchNode(directory: "/tmp/\(name)")
    do {
      for path in [node.directory, node.configurations, node.plugins] { try makeDirectory(path) }
      for (name, text) in files { try node.write(text, to: name) }
      try await body(node)
    } catch {
      try? await Task { try await node.remove() }.value
      throw error
    }
    try await Task { try await node.remove() }.value
  }

  private func remove() async throws {
    try await Command("rm", ["-rf", directory]).output()
  }

  func path(_ name: String) -> String {
    "\(configurations)/\(name)"
  }

  /// Truncates and rewrites in place, as old releases of kube-ovn do.
  func write(_ text: String, to name: String) throws {
    let path = path(name)
    let file = try Descriptor.open(path, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
    try writeAll(Array(text.utf8), to: file.rawValue, subject: path)
  }

  func read(_ name: String) throws -> String {
    try readText(path(name))
  }

  /// All files of both directories.
  func files() throws -> [String] {
    try (names(in: configurations) + names(in: plugins)).sorted()
  }

  func command(_ verb: String, _ arguments: [String] = []) -> Command {
    let places = ["--conf-dir", configurations, "--bin-dir", plugins]
    return Command(Products.path("shortcutctl"), [verb] + places + arguments)
  }

  func install(_ arguments: String...) async throws -> Completion {
    try await command("install-cni", arguments).run()
  }

  func uninstall(_ arguments: String...) async throws -> Completion {
    try await command("uninstall-cni", ["--wait", "0"] + arguments).run()
  }

  /// Runs `install-cni --watch` meanwhile; what it said.
  func watching(
    _ arguments: [String] = [], _ body: () async throws -> Void
  ) async throws -> Completion {
    let watch = command("install-cni", ["--watch"] + arguments)
    let script = #"echo $$ >"$0"; exec timeout 200 "$@""#
    let process = "\(directory)/watch.pid"
    async let completion = Command(
      "bash", ["-c", script, process, watch.program] + watch.arguments
    ).run()
    try await eventually { (try? readText(process))?.isEmpty == false }
    try await body()
    try await Command("kill", [readText(process).filter(\.isNumber)]).output()
    return try await completion
  }
}

/// A condition that did not come true within a minute.
struct NeverTrue: Error {}

func eventually(_ condition: () async throws -> Bool) async throws {
  for _ in 0..<1200 {
    guard try await !condition() else { return }
    try await Task.sleep(for: .milliseconds(50))
  }
  throw NeverTrue()
}
