import Datapath
import Linux

/// What is loaded, and what it has met.
struct DatapathCheck: Check {
  let pins: PinDirectory

  func findings() -> [Finding] {
    do throws(DatapathError) {
      let status = try Status(pins)
      guard status.isLoaded else {
        return [
          Finding(
            .warn, "datapath", "nothing is loaded at \(pins.path)",
            "start shortcutd, or shortcutctl load")
        ]
      }
      return [attachment(status)] + suspensions(status) + refusals(status.counters)
        + (try rooms()) + (try encryption())
    } catch {
      return [
        Finding(
          .fail, "datapath", error.description,
          "pins are damaged or another release's: shortcutctl unload, then load")
      ]
    }
  }

  private func attachment(_ status: Status) -> Finding {
    guard let cgroup = status.cgroup else {
      return Finding(
        .fail, "datapath", "attached to a cgroup that was removed",
        "shortcutctl unload, then load")
    }
    return Finding(.ok, "datapath", "attached to \(cgroup.path)")
  }

  private func suspensions(_ status: Status) -> [Finding] {
    let paused =
      status.suspensions.contains(.paused)
      ? [Finding(.warn, "datapath", "the node is paused", "shortcutctl resume --node")] : []
    let held =
      status.suspensions.contains(.held)
      ? [Finding(.warn, "datapath", "the agent holds the node", "shortcutctl status tells why")]
      : []
    return paused + held
  }

  private func refusals(_ counters: Counters) -> [Finding] {
    let known: [(RefusalReason, String)] = [
      (.full, "unload, then load with a larger --max-connections and --max-pods"),
      (.owned, "another sockmap has these sockets: see sockmaps above"),
      (
        .mismatch,
        "two ends with the same numbers that are not each other's: see whose pods these are"
      ),
    ]
    return known.compactMap { reason, advice in
      let count = counters.refusals(for: reason)
      guard count > 0 else { return nil }
      return Finding(
        .warn, "datapath", "\(count) connections were refused: \(reason.rawValue)", advice)
    }
  }

  private func encryption() throws(DatapathError) -> [Finding] {
    guard try LoadedSettings(pins).keepsTLSPlain else { return [] }
    return [
      Finding(
        .ok, "datapath", "TLS stays plain: the kernel has its module tls",
        "if no program uses kTLS: unload, then load with --shorten-tls")
    ]
  }

  private func rooms() throws(DatapathError) -> [Finding] {
    let (used, capacity) = try Registry(pins).occupancy()
    guard used * 10 >= capacity * 9 else { return [] }
    return [
      Finding(
        .warn, "datapath", "\(used) of \(capacity) attachments are taken",
        "unload, then load with a larger --max-pods")
    ]
  }
}
