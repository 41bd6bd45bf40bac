import Datapath
import Linux

extension Loader.Report {
  /// What a loader tells people, a line each.
  var lines: [String] {
    var lines: [String] = []
    if hasMounted { lines.append("mounted a BPF file system") }
    let place = cgroup?.path ?? "a cgroup that was removed"
    if !mended.isEmpty { lines.append("pinned again: \(mended.joined(separator: ", "))") }
    lines.append("\(outcome.word) \(place)")
    if let keptRoom {
      lines.append(
        "room stays for \(keptRoom.pods) pods and \(keptRoom.connections) connections: to change it, "
          + "unload first")
    }
    if let facts, let access {
      let accounting = facts.isReceiveQueueAccounted ? "accounted by the kernel" : "counted by us"
      lines.append(
        "kernel \(Kernel.release): self-test passed, queues \(accounting), peers read by \(access.word)"
      )
      if !facts.isInputCounted {
        lines.append(
          "FIONREAD leaves bytes out on this kernel (mended in 6.12.114, 6.18.58, 7.2.12): programs "
            + "known to trust it stay plain unless their pods are annotated \"all\"")
      }
      lines += Self.warnings
    }
    return lines
  }

  private static var warnings: [String] {
    guard let version = KernelVersion.running else { return [] }
    return KernelFault.known(in: version).map { "warning: \($0.message(for: version))" }
  }
}

extension Loader.Report.Outcome {
  fileprivate var word: String {
    switch self {
    case .attached: "attached to"
    case .replaced: "new programs attached in place of another build's to"
    case .present: "already attached to"
    }
  }
}

extension PeerAccess {
  fileprivate var word: String {
    switch self {
    case .cast: "load"
    case .probe: "helper"
    }
  }
}
