import Datapath
import JSON
import Linux

extension Status {
  /// The form of `status --json`.
  var document: JSONValue {
    .object([
      ("loaded", .bool(isLoaded)),
      ("state", .string(state.word)),
      ("missing", .array(state.missing.map { .string($0) })),
      ("attached", cgroup.map { .string($0.path) } ?? .null),
      ("kernel", .string(Kernel.release)),
      ("pods", .integer(Int64(pods))),
      ("paused", .bool(suspensions.contains(.paused))),
      ("held", .bool(suspensions.contains(.held))),
      ("counters", counters.document),
    ])
  }

  /// The form for people, without what was counted.
  var lines: [String] {
    guard state != .absent else { return ["not loaded (kernel \(Kernel.release))"] }
    return state.lines(cgroup) + [
      "kernel       \(Kernel.release)",
      "pods         \(pods)",
    ] + Suspension.allCases.filter(suspensions.contains).map { "the node is  \($0.word)" }
  }
}

extension Status.State {
  fileprivate var word: String {
    switch self {
    case .absent: "not loaded"
    case .loaded: "loaded"
    case .detached: "detached"
    case .damaged: "damaged"
    case .otherRelease: "other release"
    }
  }

  /// One line of it.
  var summary: String {
    missing.isEmpty ? word : "\(word), missing \(missing.joined(separator: ", "))"
  }

  /// Names of pins.
  fileprivate var missing: [String] {
    if case .damaged(let names) = self { names } else { [] }
  }

  /// What people are told, and what they can do.
  fileprivate func lines(_ cgroup: ControlGroup?) -> [String] {
    let place = "attached to  \(cgroup?.path ?? "a cgroup that cannot be named")"
    switch self {
    case .absent, .loaded: return [place]
    case .detached:
      return ["detached     the maps are pinned, nothing is attached: 'load' or 'unload'"]
    case .damaged(let names):
      return [place, "pins missing \(names.joined(separator: ", ")): 'load' makes them again"]
    case .otherRelease(let version):
      return ["another release (layout \(version)) is loaded: 'unload', then 'load'"]
    }
  }
}

extension Counters {
  fileprivate var document: JSONValue {
    .object([
      ("pairs", .unsigned(pairs)),
      ("joins", .unsigned(joins)),
      ("leaves", .object(leaves.map { ($0.reason.rawValue, .unsigned($0.count)) })),
      ("refusals", .object(refusals.map { ($0.reason.rawValue, .unsigned($0.count)) })),
      ("evictions", .object(evictions.map { ($0.reason.rawValue, .unsigned($0.count)) })),
      ("shortcut_messages", .unsigned(shortcutMessages)),
      ("shortcut_bytes", .unsigned(shortcutBytes)),
      ("stack_messages", .unsigned(stackMessages)),
      ("stack_bytes", .unsigned(stackBytes)),
    ])
  }

  /// What people are told of the totals.
  var lines: [String] {
    [
      "connections  \(pairs) paired; \(reasons(refusals.map { ($0.reason.rawValue, $0.count) })) refused",
      "directions   \(joins) joins; \(reasons(leaves.map { ($0.reason.rawValue, $0.count) })) leaves",
      "evictions    \(reasons(evictions.map { ($0.reason.rawValue, $0.count) })) sockets",
      "shortcut     \(shortcutMessages) messages, \(shortcutBytes) bytes\(share)",
      "stack        \(stackMessages) messages, \(stackBytes) bytes of paired connections",
    ]
  }

  private var share: String {
    let total = shortcutBytes + stackBytes
    return total == 0 ? "" : " (\(shortcutBytes * 100 / total) %)"
  }

  private func reasons(_ counts: [(String, UInt64)]) -> String {
    let present = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    return present.isEmpty ? "0" : present.joined(separator: ", ")
  }
}
