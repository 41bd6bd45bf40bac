internal import CNI
internal import Datapath
internal import JSON

/// What in a pod's configuration demands that its traffic stays on the stack.
struct Demand: Equatable {
  /// Whether the agent sees when it is gone.
  let restriction: Restriction
  /// What demands it.
  let reason: String

  /// Nil when nothing does; what nobody sees comes first.
  init?(_ runtime: RuntimeConfiguration) {
    if let bandwidth = runtime.bandwidth, limitsBandwidth(bandwidth) {
      restriction = .invisible
      reason = "runtimeConfig.bandwidth \(bandwidth.encoded(indented: false))"
      return
    }
    let found = runtime.annotations.compactMap { name, value in
      Self.restriction(name, value).map { (name, value, $0) }
    }
    guard let (name, value, restriction) = found.first(where: { $0.2 == .invisible }) ?? found.first
    else { return nil }
    self.restriction = restriction
    reason = "annotation \(name): \(value.encoded(indented: false))"
  }

  private static func restriction(_ name: String, _ value: JSONValue) -> Restriction? {
    Restriction(annotation: name, value: value.stringValue ?? value.encoded(indented: false))
  }
}

/// Rates and bursts; zero is no limit.
private func limitsBandwidth(_ bandwidth: JSONValue) -> Bool {
  bandwidth.members?.contains { member in member.1.realValue != 0 } ?? true
}
