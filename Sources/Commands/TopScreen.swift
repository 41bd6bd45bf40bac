import Datapath
import JSON

/// One screen of `top`: what happened between two moments.
struct TopScreen {
  private let rates: [ConnectionRate]
  private let before: Counters
  private let after: Counters
  private let seconds: Double

  init(from before: Sample, to after: Sample, sortedBy order: TopCommand.Order) {
    let interval = after.time - before.time
    seconds = max(Double(interval) / 1e9, 1e-9)
    (self.before, self.after) = (before.counters, after.counters)
    rates = ConnectionRate.rates(
      from: before.connections, to: after.connections, interval: interval
    ).sorted { $0.key(order) > $1.key(order) }
  }

  /// For people; so many lines at most.
  func lines(_ limit: Int?) -> [String] {
    let head = [
      "\(rates.count) connections; a second: \(number(\.shortcutBytes))B shortcut, "
        + "\(number(\.stackBytes))B stack, \(number(\.pairs)) paired, \(number(\.refused)) refused",
      "",
    ]
    let shown = limit.map { max(0, $0 - head.count - 1) } ?? rates.count
    return head + table([Self.heads] + rates.prefix(shown).map(\.cells))
  }

  private static let heads = [
    "SHORTCUT/s", "STACK/s", "MESSAGES/s", "OUT", "BACK", "AGE", "CLIENT", "SERVER",
  ]

  /// For machines.
  var document: JSONValue {
    .object([
      ("seconds", .real(seconds)),
      ("shortcut_bytes_per_second", .real(rate(\.shortcutBytes))),
      ("stack_bytes_per_second", .real(rate(\.stackBytes))),
      ("pairs_per_second", .real(rate(\.pairs))),
      ("refusals_per_second", .real(rate(\.refused))),
      ("connections", .array(rates.map(\.document))),
    ])
  }

  private func number(_ figure: (Counters) -> UInt64) -> String {
    count(UInt64(rate(figure)))
  }

  /// Unloaded and loaded again meanwhile: counted from the start.
  private func rate(_ figure: (Counters) -> UInt64) -> Double {
    let (then, now) = (figure(before), figure(after))
    return Double(now >= then ? now - then : now) / seconds
  }
}

extension Counters {
  fileprivate var refused: UInt64 { refusals.reduce(0) { $0 + $1.count } }
}

extension ConnectionRate {
  fileprivate func key(_ order: TopCommand.Order) -> Double {
    switch order {
    case .bytes: bytes
    case .shortcut: shortcutBytes
    case .stack: stackBytes
    case .messages: messages
    case .age: Double(connection.age)
    }
  }

  fileprivate var cells: [String] {
    [
      count(UInt64(shortcutBytes)), count(UInt64(stackBytes)), count(UInt64(messages)),
      connection.toServer.state.rawValue, connection.toClient.state.rawValue,
      span(connection.age), connection.client.title, connection.server.title,
    ]
  }

  fileprivate var document: JSONValue {
    .object(
      (connection.document.members ?? []) + [
        ("shortcut_bytes_per_second", .real(shortcutBytes)),
        ("stack_bytes_per_second", .real(stackBytes)),
        ("messages_per_second", .real(messages)),
      ])
  }
}
