private import BPF

/// Something the datapath asks of the kernel.
public struct KernelFeature: Sendable, Hashable {
  /// For people who look for it in their kernel's configuration or documentation.
  public let name: String
  /// Nothing is loaded without it; else only connections cannot be listed.
  public let isRequired: Bool
  /// Whether the running kernel has it.
  public let isPresent: Bool

  /// Tries all of them. Needs the privileges that loading needs.
  public static func probe() -> [KernelFeature] {
    BPFFeature.allCases.map {
      KernelFeature(
        name: $0.description, isRequired: $0.isRequired, isPresent: $0.isPresent)
    }
  }
}
