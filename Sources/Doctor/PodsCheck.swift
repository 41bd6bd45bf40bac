import Datapath

/// What is registered.
struct PodsCheck: Check {
  let pins: PinDirectory

  func findings() -> [Finding] {
    guard let status = try? Status(pins), status.isLoaded else { return [] }
    do throws(DatapathError) {
      let registry = try Registry(pins)
      let pods = try registry.all()
      guard !pods.isEmpty else {
        return [
          Finding(
            .warn, "pods", "none is registered",
            "pods made from now on are, if the plugin is installed; shortcutd adopts older ones")
        ]
      }
      let disabled = pods.count { $0.value.isDisabled }
      let head = Finding(.ok, "pods", "\(pods.count) registered, \(disabled) of them switched off")
      return try [head] + gone(pods.map(\.value)) + damaged(pods, registry)
    } catch {
      return [Finding(.fail, "pods", error.description)]
    }
  }

  private func gone(_ pods: [Attachment]) -> [Finding] {
    pods.filter(\.isNamespaceGone).prefix(8).map { pod in
      Finding(
        .warn, "pods", "\(pod.title): its network namespace \(pod.netnsPath) is gone",
        "shortcutd removes it; it does no harm")
    }
  }

  private func damaged(
    _ pods: [(key: AttachmentKey, value: Attachment)], _ registry: borrowing Registry
  ) throws(DatapathError) -> [Finding] {
    var findings: [Finding] = []
    for (key, pod) in pods where !pod.isDisabled && findings.count < 8 {
      for address in pod.addresses where !address.isLoopback {
        guard try registry.entry(of: address, in: pod, key) == .missing else { continue }
        findings.append(
          Finding(
            .warn, "pods", "\(pod.title): \(address) is not in the allowlist",
            "make the pod anew, or restart shortcutd"))
      }
    }
    return findings
  }
}
