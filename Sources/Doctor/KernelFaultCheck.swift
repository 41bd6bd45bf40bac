import Datapath

/// Whether this release of the kernel is known for a fault.
struct KernelFaultCheck: Check {
  var version = KernelVersion.running

  func findings() -> [Finding] {
    guard let version else {
      return [Finding(.ok, "faults", "the kernel does not say which release it is")]
    }
    let faults = KernelFault.known(in: version)
    guard !faults.isEmpty else { return [Finding(.ok, "faults", "none known of \(version)")] }
    return faults.map {
      Finding($0.weight == .refused ? .fail : .warn, "faults", $0.message(for: version))
    }
  }
}
