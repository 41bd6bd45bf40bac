import Datapath
import JSON
import Linux

extension Overview {
  /// The form of `status --json`, without what the agent tells.
  var document: JSONValue {
    .object(
      (status.document.members ?? []) + [
        ("live", connections.map(\.document) ?? .null),
        ("missing_features", .array(missingFeatures.map { .string($0.name) })),
        ("settings", settings.map(\.document) ?? .null),
      ])
  }

  /// The form for people, which fits onto a screen.
  var lines: [String] {
    guard let settings else { return status.lines + [features] }
    return status.lines + [features, "queues       \(settings.line)"] + live + status.counters.lines
      + status.counters.obstacles
  }

  private var features: String {
    guard !missingFeatures.isEmpty else { return "features     all that is needed" }
    return "features     missing \(missingFeatures.map(\.name).joined(separator: ", "))"
  }

  private var live: [String] {
    guard let connections else {
      return ["live         \(listingFault?.description ?? "nothing can be told")"]
    }
    let counts = Connection.Standing.allCases.map { "\(connections.count($0)) \($0.rawValue)" }
    let plain = connections.plain.sorted {
      ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
    }
    .map { "\($0.value) \($0.key.rawValue)" }
    let sockets = plain.isEmpty ? "" : "; sockets kept plain: \(plain.joined(separator: ", "))"
    return [
      "live         \(connections.connections.count) connections: "
        + counts.joined(separator: ", ") + sockets
    ]
  }
}

extension ConnectionList {
  fileprivate var document: JSONValue {
    .object(
      [("connections", .integer(Int64(connections.count)))]
        + Connection.Standing.allCases.map { ($0.rawValue, .integer(Int64(count($0)))) }
        + [
          ("shortcut_bytes", .unsigned(connections.reduce(0) { $0 + $1.shortcutBytes })),
          ("stack_bytes", .unsigned(connections.reduce(0) { $0 + $1.stackBytes })),
          (
            "plain_sockets",
            .object(
              plain.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { ($0.key.rawValue, .integer(Int64($0.value))) })
          ),
        ])
  }
}

extension LoadedSettings {
  fileprivate var document: JSONValue {
    .object([
      ("queue_bytes", .integer(Int64(queueBytes))),
      ("queue_messages", .integer(Int64(queueMessages))),
      ("receive_buffer", .integer(Int64(receiveBuffer))),
      ("queue_accounted_by_kernel", .bool(isReceiveQueueAccounted)),
      ("pair_short_lived", .bool(pairsShortLived)),
      ("plain_tls", .bool(keepsTLSPlain)),
      ("plain_programs", .array(programsKeptPlain.map { .string($0) })),
    ])
  }

  fileprivate var line: String {
    "\(queueBytes >> 10) KiB, \(queueMessages) messages a direction, "
      + (isReceiveQueueAccounted ? "accounted by the kernel" : "counted by us")
  }
}

extension Counters {
  /// Why connections, or parts of them, were plain TCP: the most frequent reasons first.
  fileprivate var obstacles: [String] {
    let all = refused + left + evicted
    let most = all.sorted { $0.count > $1.count }.prefix(8)
    guard !most.isEmpty else { return [] }
    let rows = most.map { [$0.kind, "\($0.count)", $0.share, $0.reason, $0.meaning] }
    return ["why not the rest"] + table(rows).map { "  \($0)" }
  }

  private typealias Obstacle = (
    kind: String, count: UInt64, share: String, reason: String, meaning: String
  )

  private var refused: [Obstacle] {
    let total = pairs + refusals.reduce(0) { $0 + $1.count }
    return refusals.filter { $0.count > 0 }.map {
      (
        "refused", $0.count, "\($0.count * 100 / total) % of candidates", $0.reason.rawValue,
        $0.reason.meaning
      )
    }
  }

  private var left: [Obstacle] {
    let total = leaves.reduce(0) { $0 + $1.count }
    return leaves.filter { $0.count > 0 }.map {
      (
        "left", $0.count, "\($0.count * 100 / total) % of leaves", $0.reason.rawValue,
        $0.reason.meaning
      )
    }
  }

  private var evicted: [Obstacle] {
    evictions.filter { $0.count > 0 }.map {
      // A socket may be of a connection that never paired.
      let share = pairs == 0 ? "" : "\(min(100, $0.count * 50 / pairs)) % of paired sockets"
      return ("evicted", $0.count, share, $0.reason.rawValue, $0.reason.meaning)
    }
  }
}
