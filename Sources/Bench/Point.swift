/// One thing that is measured on each way in turn.
struct Point: Sendable, Hashable {
  /// What the client does.
  enum Action: Sendable, Hashable {
    /// The load generator's verb and options.
    case load(verb: String, options: [String])
    /// qperf's tests.
    case qperf
    /// A test of redis-benchmark with so many requests under way on each of its connections.
    case redis(test: String, pipeline: Int)
    /// wrk's requests for the page of the point's size.
    case wrk
  }

  var action: Action
  /// Bytes of a message; nil where there is none.
  var size: Int?
  var metrics: [Metric]
  var ways: [Way]
  /// Which of the suite's servers it needs.
  var service: Service
}
