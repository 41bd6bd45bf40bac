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

  /// Bytes of both directions.
  var bytes: Int { client.bytesSent + server.bytesSent }

  var description: String { "client \(client)server \(server)" }
}
