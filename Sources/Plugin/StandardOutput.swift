public import CNI
internal import Linux

/// Writes what a call leaves behind, the JSON document in one `write`.
///
/// Returns the exit status. The document comes first: a reader of standard error that has gone
/// away must not cost the pod its result.
public func emit(_ outcome: Outcome) -> Int32 {
  do throws(LinuxError) {
    try writeAll(outcome.output, to: 1, subject: "stdout")
    try writeAll(lines(outcome.diagnostics), to: 2, subject: "stderr")
    return outcome.status
  } catch {
    // Nobody listens: the exit status is all that is left to say it.
    return error.subject == "stdout" ? 1 : outcome.status
  }
}

private func lines(_ lines: [String]) -> [UInt8] {
  lines.flatMap { Array("\($0)\n".utf8) }
}
