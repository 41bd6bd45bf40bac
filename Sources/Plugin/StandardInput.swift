public import CNI
internal import Linux

/// The network configuration on standard input.
///
/// Throws ``CNIError``: code 5 when it cannot be read, 6 when it is larger than
/// ``NetworkConfiguration/sizeLimit``.
public func readConfiguration() throws(CNIError) -> [UInt8] {
  let content: [UInt8]?
  do throws(LinuxError) {
    content = try readAll(from: 0, subject: "stdin", limit: NetworkConfiguration.sizeLimit)
  } catch {
    throw CNIError(code: .inputOutput, message: "error reading from stdin: \(error)")
  }
  guard let content else {
    throw CNIError(
      code: .decodingFailure, message: "network configuration on stdin is too large",
      details: "the limit is \(NetworkConfiguration.sizeLimit) bytes")
  }
  return content
}
