import Datapath
import Linux

/// Whether the kernel has what is asked of it.
struct KernelCheck: Check {
  var features = KernelFeature.probe()
  var jit = "/proc/sys/net/core/bpf_jit_enable"

  func findings() -> [Finding] {
    support + types + compiler
  }

  private var support: [Finding] {
    let missing = features.filter { !$0.isPresent }
    guard !missing.isEmpty else {
      return [Finding(.ok, "kernel", "\(Kernel.release) has all that is needed")]
    }
    return missing.map { feature in
      Finding(
        feature.isRequired ? .fail : .warn, "kernel",
        "\(Kernel.release) has no \(feature.name)",
        feature.isRequired
          ? "use a kernel that has it (5.15 or later), or the privileges to see it"
          : "connections cannot be listed, nor tried; all else works")
    }
  }

  private var types: [Finding] {
    exists("/sys/kernel/btf/vmlinux")
      ? [Finding(.ok, "btf", "/sys/kernel/btf/vmlinux")]
      : [
        Finding(
          .fail, "btf", "there is no /sys/kernel/btf/vmlinux",
          "use a kernel built with CONFIG_DEBUG_INFO_BTF, or mount sysfs")
      ]
  }

  private var compiler: [Finding] {
    guard let text = try? readText(jit), text.hasPrefix("0") else { return [] }
    return [
      Finding(
        .warn, "jit", "BPF programs are interpreted, which is slow",
        "sysctl -w net.core.bpf_jit_enable=1")
    ]
  }
}
