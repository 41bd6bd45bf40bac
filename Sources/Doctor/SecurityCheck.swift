import Linux

/// What may forbid BPF programs: kernel lockdown and security modules.
struct SecurityCheck: Check {
  var directory = "/sys/kernel/security"

  func findings() -> [Finding] {
    let modules = try? readText("\(directory)/lsm")
    guard let modules else {
      return [
        Finding(
          .warn, "lockdown",
          "\(directory) cannot be read: lockdown and security modules are unseen",
          "mount -t securityfs securityfs \(directory)")
      ]
    }
    return [lockdown, security(modules.filter { !$0.isNewline })]
  }

  /// `none [integrity] confidentiality`: the one in brackets holds.
  private var lockdown: Finding {
    guard let text = try? readText("\(directory)/lockdown"),
      let level = text.split(separator: "[").last?.split(separator: "]").first,
      text.contains("[")
    else { return Finding(.ok, "lockdown", "the kernel has none") }
    guard level == "confidentiality" else { return Finding(.ok, "lockdown", String(level)) }
    return Finding(
      .fail, "lockdown", "confidentiality: BPF programs may not read kernel memory",
      "boot with lockdown=integrity, or without lockdown")
  }

  private func security(_ modules: String) -> Finding {
    let isStrict = modules.split(separator: ",").contains("selinux")
    let hint = isStrict ? " (SELinux: denials are in the audit log, class bpf)" : ""
    return Finding(.ok, "lsm", modules + hint)
  }
}
