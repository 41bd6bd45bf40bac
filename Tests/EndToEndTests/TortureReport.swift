import JSON
import TestSupport

/// What one end of a torture run reports.
struct TortureReport: CustomStringConvertible {
  let completion: Completion
  let completed: Int
  let failures: Int
  let bytesSent: Int

  init(_ completion: Completion) {
    let document = try? JSONValue(parsing: Array(completion.output.utf8))
    let number = { (key: String) in (document?[key]?.integerValue).map(Int.init) ?? -1 }
    self.completion = completion
    completed = number("completed")
    failures = number("failures")
    bytesSent = number("bytes_sent")
  }

  var isClean: Bool { completion.isSuccess && failures == 0 }

  /// The totals and the first faults.
  var description: String {
    "\(completion.end) \(completion.output)\(completion.error.prefix(4000))"
  }
}

/// What both ends report.
struct TortureVerdict: CustomStringConvertible {
  let client: TortureReport
  let server: TortureReport

  /// Every byte of every connection arrived, at its place and in time.
  var isClean: Bool { client.isClean && server.isClean }

  /// No byte was wrong, and what hung is TCP itself: of each connection an end's retransmissions, of a SYN
  /// or of data on the stack, were left without an answer three times or more. A loss on the shortcut
  /// leaves none.
  var isOfTheRoad: Bool {
    let told = "\(client)\(server)".split(separator: "\n")
    let failures = told.filter { $0.contains(" direction ") }
    let connections = Dictionary(grouping: failures) { $0.firstMatch(of: /connection (\d+)/)?.1 }
    return !failures.isEmpty && failures.allSatisfy { $0.contains("no progress") }
      && connections.values.allSatisfy { $0.contains(where: Self.isUnanswered) }
  }

  private static func isUnanswered(_ failure: Substring) -> Bool {
    failure.firstMatch(of: /timeouts (\d+)/).flatMap { Int($0.1) } ?? 0 >= 3
  }

  /// Bytes of both directions.
  var bytes: Int { client.bytesSent + server.bytesSent }

  var description: String { "client \(client)server \(server)" }
}
