private import Glibc
private import Linux

/// What a test needs of the machine it runs on.
public enum Requirement: Sendable, Hashable {
  /// Root, a cgroup2 hierarchy, BTF: what BPF programs are loaded and attached with.
  case kernel
  /// Programs that make a road over a Linux bridge.
  case bridge
  /// Programs that make a road over OVN.
  case ovn
  /// Container runtimes, and what drives them and fills their images.
  case runtimes

  /// What is missing, nil when nothing is.
  public var missing: String? {
    switch self {
    case .kernel: Self.missingFromKernel
    case .bridge: Self.missingProgram(["ip", "nsenter", "iptables", "ip6tables", "jq", "go"])
    case .ovn: Self.missingProgram(["ovs-vswitchd", "ovn-northd", "ovn-controller"])
    case .runtimes:
      Self.missingProgram(["containerd", "runc", "podman", "protoc", "busybox"])
        ?? (exists("/usr/lib/python3/dist-packages/grpc") ? nil : "python3-grpcio")
    }
  }

  private static var missingFromKernel: String? {
    guard geteuid() == 0 else { return "root" }
    guard exists("/sys/kernel/btf/vmlinux") else { return "/sys/kernel/btf/vmlinux" }
    guard (try? ControlGroup.root()) != nil else { return "a mounted cgroup2 hierarchy" }
    return nil
  }

  private static func missingProgram(_ names: [String]) -> String? {
    let path = environment("PATH") ?? ""
    let directories = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
    return names.first { name in !directories.contains { exists("\($0)/\(name)") } }
  }
}

/// A requirement that is not met where nothing may be skipped.
struct MissingRequirement: Error, CustomStringConvertible {
  var subject: String

  var description: String { "CI is set and this test cannot run: missing \(subject)" }
}
