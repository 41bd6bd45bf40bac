/// One thing that is measured on each way in turn.
struct Point: Sendable, Hashable {
  /// What the client does.
  enum Action: Sendable, Hashable {
    /// The load generator's verb and options.
    case load(verb: String, options: [String])
    /// qperf's tests.
    case qperf
  }

  var action: Action
  /// Bytes of a message; nil where there is none.
  var size: Int?
  var metrics: [Metric]
  var ways: [Way]
  /// Which of the suite's servers it needs.
  var service: Service
}

/// A server that a suite starts on each way.
enum Service: Sendable, Hashable, CaseIterable {
  /// The load generator's.
  case load
  /// The same, closing each connection at once.
  case closing
  /// qperf's.
  case qperf

  /// Added to the first port: servers of one pod live side by side.
  var portOffset: Int {
    switch self {
    case .load: 0
    case .closing: 1
    case .qperf: 2
    }
  }
}
