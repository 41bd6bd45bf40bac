/// What a call leaves behind.
public struct Outcome: Sendable, Hashable {
  /// For standard output: nothing, or exactly one JSON document.
  public var output: [UInt8]
  /// Lines for standard error.
  public var diagnostics: [String]
  /// The exit status.
  public var status: Int32

  /// Makes an outcome from its parts.
  public init(output: [UInt8] = [], diagnostics: [String] = [], status: Int32 = 0) {
    self.output = output
    self.diagnostics = diagnostics
    self.status = status
  }
}

extension Outcome {
  static func failure(_ error: CNIError, version: ProtocolVersion) -> Outcome {
    Outcome(output: Array(error.encoded(version: version).utf8), status: 1)
  }
}
