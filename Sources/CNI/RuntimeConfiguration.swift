public import JSON

/// What the runtime adds for the capabilities a configuration asks for (`runtimeConfig`).
public struct RuntimeConfiguration: Sendable {
  private let value: JSONValue

  /// The pod's annotations as they were when the runtime created the pod, in their order.
  ///
  /// Capability `io.kubernetes.cri.pod-annotations`; empty when it is absent or null.
  public var annotations: [(String, JSONValue)] {
    value.member("io.kubernetes.cri.pod-annotations")?.members ?? []
  }

  /// Path of the pod's cgroup below the root of the hierarchy. Capability `cgroupPath`.
  public var controlGroupPath: String? {
    value.member("cgroupPath")?.stringValue
  }

  /// Limits for the interface, rates in bit/s. Capability `bandwidth`.
  public var bandwidth: JSONValue? {
    value.member("bandwidth")
  }

  fileprivate init(_ value: JSONValue) {
    self.value = value
  }
}

extension NetworkConfiguration {
  /// What the runtime added; empty when it added nothing.
  public var runtime: RuntimeConfiguration {
    RuntimeConfiguration(document.member("runtimeConfig") ?? .null)
  }
}
