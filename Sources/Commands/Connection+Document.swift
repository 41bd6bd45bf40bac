import Datapath
import JSON

extension Connection {
  /// One element of `connections --json`.
  var document: JSONValue {
    .object([
      ("id", .unsigned(identifier)),
      ("client", client.document),
      ("server", server.document),
      ("destination", .string(destination)),
      ("standing", .string(standing.rawValue)),
      ("age_seconds", .real(seconds(age))),
      ("to_server", toServer.document),
      ("to_client", toClient.document),
    ])
  }

  /// One line of `connections`.
  var cells: [String] {
    [
      client.title, server.title, toServer.state.rawValue, toClient.state.rawValue,
      "\(count(shortcutBytes)) \(toServer.shortcutMessages + toClient.shortcutMessages)",
      "\(count(stackBytes)) \(toServer.stackMessages + toClient.stackMessages)",
      span(age), leaves,
    ]
  }

  /// The heads of those.
  static let heads = [
    "CLIENT", "SERVER", "OUT", "BACK", "SHORTCUT BYTES MESSAGES", "STACK BYTES MESSAGES", "AGE",
    "LAST LEFT FOR",
  ]

  private var leaves: String {
    let reasons = [toServer.lastLeave, toClient.lastLeave].map { $0?.rawValue ?? "-" }
    return reasons == ["-", "-"] ? "-" : reasons.joined(separator: " / ")
  }
}

extension ConnectionEnd {
  fileprivate var document: JSONValue {
    .object([
      ("pod", pod.isEmpty ? .null : .string(pod)),
      ("address", .string(address.description)),
      ("port", .integer(Int64(port))),
      ("netns_cookie", .unsigned(netnsCookie)),
    ])
  }

  /// The pod if it is known, and the port; else both numbers.
  var title: String { pod.isEmpty ? endpoint : "\(pod):\(port)" }
}

extension Direction {
  fileprivate var document: JSONValue {
    .object([
      ("state", .string(state.rawValue)),
      ("shortcut_messages", .unsigned(shortcutMessages)),
      ("shortcut_bytes", .unsigned(shortcutBytes)),
      ("stack_messages", .unsigned(stackMessages)),
      ("stack_bytes", .unsigned(stackBytes)),
      ("last_leave", lastLeave.map { .string($0.rawValue) } ?? .null),
    ])
  }
}
