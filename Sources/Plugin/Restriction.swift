internal import CNI
internal import JSON

/// What in a pod's configuration demands that its traffic stays on the stack, or nil.
///
/// kube-ovn annotates each of a pod's networks with a prefix of its own (`PROVIDER.kubernetes.io`);
/// the runtime tells of all of them, and one is enough.
func restriction(of runtime: RuntimeConfiguration) -> String? {
  if let bandwidth = runtime.bandwidth, limitsBandwidth(bandwidth) {
    return "runtimeConfig.bandwidth \(bandwidth.encoded(indented: false))"
  }
  let found = runtime.annotations.first { name, value in restricts(name, value) }
  return found.map { "annotation \($0.0): \($0.1.encoded(indented: false))" }
}

/// Rates and bursts; zero is no limit.
private func limitsBandwidth(_ bandwidth: JSONValue) -> Bool {
  bandwidth.members?.contains { member in member.1.realValue != 0 } ?? true
}

private func restricts(_ name: String, _ value: JSONValue) -> Bool {
  let parts = name.split(separator: "/", omittingEmptySubsequences: false)
  guard parts.count == 2, parts[0] == "kubernetes.io" || parts[0].hasSuffix(".kubernetes.io") else {
    return false
  }
  let text = value.stringValue ?? value.encoded(indented: false)
  switch parts[1] {
  case "ingress_rate", "egress_rate", "latency", "jitter", "limit", "loss", "ingress-bandwidth",
    "egress-bandwidth":
    return !text.isEmpty && Double(text) != 0
  case "mirror":
    return text.lowercased() == "true"
  default:
    return false
  }
}
