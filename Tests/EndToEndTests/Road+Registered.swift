import JSON
import TestSupport
import Testing

extension Road {
  /// The names of the registered pods, sorted.
  func names() async throws -> [String] {
    try await pods("name")
  }

  /// One member of what `shortcutctl pods` tells, in the order of the pods' names.
  func pods(_ member: String) async throws -> [String] {
    try await shortcut.pods()
      .sorted { ($0["name"]?.stringValue ?? "") < ($1["name"]?.stringValue ?? "") }
      .map { $0[member]?.stringValue ?? $0[member]?.boolValue.map(String.init) ?? "" }
  }

  func expectNothingRegistered() async throws {
    #expect(try await names() == [])
    #expect(try await allowlist() == 0)
  }

  /// How many entries the allowlist has.
  func allowlist() async throws -> Int {
    let path = "\(shortcut.pins)/allowlist"
    let text = try await Command("bpftool", ["-j", "map", "dump", "pinned", path]).output()
    return try JSONValue(parsing: Array(text.utf8)).elements?.count ?? 0
  }
}
