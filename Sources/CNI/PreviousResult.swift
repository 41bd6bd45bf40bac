internal import JSON

/// What the plugin before this one in the chain answered (SPEC section 5, "Success").
public struct PreviousResult: Sendable {
  private let value: JSONValue
  private let text: JSONText

  init(value: JSONValue, text: JSONText) {
    self.value = value
    self.text = text
  }

  /// The addresses of the container, without prefix length, in order.
  ///
  /// What is no address is left out: the container must not fail for the shape of a result that
  /// an earlier plugin made.
  public var addresses: [String] {
    (value.member("ips")?.elements ?? []).compactMap { entry in
      guard let address = entry.member("address")?.stringValue else { return nil }
      return address.split(separator: "/", omittingEmptySubsequences: false).first.map(String.init)
    }
  }

  /// The text to print for a configuration of the given version.
  ///
  /// As received, byte for byte, when it declares that version. Otherwise the version is set and
  /// what the two result formats do not share is converted; all else stays as it is. A result of
  /// before 0.3.0 has nothing in common with the later ones and stays as received.
  func text(for version: ProtocolVersion) -> JSONText {
    switch value.member("cniVersion")?.stringValue {
    case version.rawValue, "0.1.0", "0.2.0": text
    case nil, "": text.settingVersion(version)
    default: text.converted(to: version).settingVersion(version)
    }
  }
}

extension JSONText {
  fileprivate func settingVersion(_ version: ProtocolVersion) -> JSONText {
    let others = (members ?? []).filter { !isSameKey($0.key, "cniVersion") }
    return JSONText(members: [("cniVersion", JSONText(.string(version.rawValue)))] + others)
  }

  fileprivate func converted(to version: ProtocolVersion) -> JSONText {
    mapMembers { key, value in
      switch key {
      case "ips": value.mapElements { $0.convertedAddress(to: version) }
      case "interfaces": value.mapElements { $0.convertedInterface(to: version) }
      default: value
      }
    }
  }

  private func convertedAddress(to version: ProtocolVersion) -> JSONText {
    guard version.hasFamilyInResult else { return removing(["version"]) }
    guard member("version") == nil, let members,
      let address = member("address")?.value?.stringValue
    else { return self }
    return JSONText(members: [("version", JSONText(.string(family(of: address))))] + members)
  }

  /// What 1.1.0 added to an interface has no place before 1.0.0.
  private func convertedInterface(to version: ProtocolVersion) -> JSONText {
    version.hasFamilyInResult ? removing(["mtu", "socketPath", "pciID"]) : self
  }

  private func removing(_ keys: [String]) -> JSONText {
    guard let members else { return self }
    return JSONText(
      members: members.filter { member in !keys.contains { isSameKey($0, member.key) } })
  }

  private func mapMembers(_ transform: (String, JSONText) -> JSONText) -> JSONText {
    guard let members else { return self }
    return JSONText(members: members.map { ($0.key, transform($0.key, $0.value)) })
  }

  private func mapElements(_ transform: (JSONText) -> JSONText) -> JSONText {
    guard let elements else { return self }
    return JSONText(elements: elements.map(transform))
  }
}

/// The family of an address as results before 1.0.0 write it; IPv4 in IPv6 counts as IPv4.
private func family(of address: String) -> String {
  let isMapped = address.lowercased().hasPrefix("::ffff:") && address.contains(".")
  return isMapped || !address.contains(":") ? "4" : "6"
}
