/// The part of the network that a pod is in: only pods of one domain are paired.
public enum Domain {
  /// Which pods may be paired.
  public enum Crossing: String, Sendable, Hashable, CaseIterable {
    /// Those of one domain, and those whose domain is not known.
    case same
    /// All that the network lets talk to each other.
    case allow
  }

  /// Not known: pairs with every other.
  public static let unknown: UInt32 = 0

  /// The number of the domain that kube-ovn's annotations name: the VPC, or in an underlay without
  /// one the switch of a VLAN. FNV-1a, 32 bits, never 0; ``unknown`` when they name none.
  public static func number(ofPodAnnotatedWith annotations: [String: String]) -> UInt32 {
    func value(_ key: String) -> String? {
      annotations["ovn.kubernetes.io/\(key)"].flatMap { $0.isEmpty ? nil : $0 }
    }
    if let router = value("logical_router") { return number(of: "vpc:\(router)") }
    guard let vlan = value("vlan_id"), let network = value("provider_network"),
      let logicalSwitch = value("logical_switch")
    else { return unknown }
    return number(of: "vlan:\(network)/\(vlan)/\(logicalSwitch)")
  }

  private static func number(of name: String) -> UInt32 {
    let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return max(hash, 1)
  }
}
