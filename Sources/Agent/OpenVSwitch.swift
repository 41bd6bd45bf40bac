import JSON

/// What Open vSwitch's database says about pods: the rows that matter, as they are now.
struct OpenVSwitch: Sendable {
  /// The tables and columns that are followed.
  static let columns: [(table: String, columns: [String])] = [
    ("Interface", ["name", "external_ids", "ingress_policing_rate"]),
    ("Port", ["interfaces", "qos"]),
    ("QoS", ["type"]),
    ("Mirror", ["name", "select_all", "select_src_port", "select_dst_port"]),
  ]

  private var interfaces: [String: Interface] = [:]
  private var ports: [String: Port] = [:]
  private var qualities: [String: String] = [:]
  private var mirrors: [String: Mirror] = [:]

  fileprivate struct Interface {
    var pod: PodInterface?
    var policingRate: Int64
  }

  fileprivate struct Port {
    var interfaces: [String]
    var quality: String?
  }

  fileprivate struct Mirror {
    var name: String
    var selectsAll: Bool
    var ports: Set<String>
  }

  /// Nothing is known.
  init() {}

  /// Takes what a notification of the method `update`, or the first answer, says of the tables.
  mutating func apply(_ tables: JSONValue) {
    Self.apply(tables["Interface"], to: &interfaces, Interface.init)
    Self.apply(tables["Port"], to: &ports, Port.init)
    Self.apply(tables["QoS"], to: &qualities) { $0["type"]?.stringValue ?? "" }
    Self.apply(tables["Mirror"], to: &mirrors, Mirror.init)
  }

  private static func apply<Row>(
    _ updates: JSONValue?, to rows: inout [String: Row], _ decode: (JSONValue) -> Row
  ) {
    for (identifier, update) in updates?.members ?? [] {
      rows[identifier] = update["new"].map(decode)
    }
  }

  /// The interfaces of pods, in no order.
  var pods: [PodInterface] { interfaces.values.compactMap(\.pod) }

  /// Why all traffic of the node has to stay where Open vSwitch sees it, or nil.
  var nodeRestriction: String? {
    mirrors.values.first(where: \.selectsAll).map { "mirror \($0.name) selects all ports" }
  }

  /// Pods whose traffic has to stay where it is shaped or mirrored, and why.
  var restrictedPods: [(pod: PodInterface, reason: String)] {
    let shaped = interfaces.values.compactMap { interface -> (pod: PodInterface, reason: String)? in
      guard let pod = interface.pod, interface.policingRate > 0 else { return nil }
      return (pod, "ingress_policing_rate \(interface.policingRate)")
    }
    return shaped + ports.flatMap { identifier, port in restrictedPods(of: port, identifier) }
  }

  private func restrictedPods(
    of port: Port, _ identifier: String
  ) -> [(pod: PodInterface, reason: String)] {
    guard let reason = restriction(of: port, identifier) else { return [] }
    return port.interfaces.compactMap { interfaces[$0]?.pod }.map { (pod: $0, reason: reason) }
  }

  private func restriction(of port: Port, _ identifier: String) -> String? {
    if let quality = port.quality, qualities[quality] != "linux-noop" {
      return "qos \(qualities[quality] ?? "of unknown type")"
    }
    return mirrors.values.first { $0.ports.contains(identifier) }.map { "mirror \($0.name)" }
  }
}

extension OpenVSwitch.Interface {
  fileprivate init(_ row: JSONValue) {
    pod = PodInterface(
      name: row["name"]?.stringValue ?? "", identifiers: row["external_ids"]?.mapValue ?? [:])
    policingRate = row["ingress_policing_rate"]?.integerValue ?? 0
  }
}

extension OpenVSwitch.Port {
  fileprivate init(_ row: JSONValue) {
    interfaces = row["interfaces"]?.identifiers ?? []
    quality = row["qos"]?.identifiers.first
  }
}

extension OpenVSwitch.Mirror {
  fileprivate init(_ row: JSONValue) {
    name = row["name"]?.stringValue ?? ""
    selectsAll = row["select_all"]?.boolValue ?? false
    let selected = [row["select_src_port"], row["select_dst_port"]]
    ports = Set(selected.flatMap { $0?.identifiers ?? [] })
  }
}

/// The notation of RFC 7047, 5.1.
extension JSONValue {
  /// `["map", [[key, value], ...]]`
  fileprivate var mapValue: [String: String] {
    guard elements?.first == "map" else { return [:] }
    let pairs = elements?.last?.elements?.compactMap { pair -> (String, String)? in
      guard let key = pair.elements?.first?.stringValue,
        let value = pair.elements?.last?.stringValue
      else { return nil }
      return (key, value)
    }
    return Dictionary(pairs ?? [], uniquingKeysWith: { $1 })
  }

  /// `["uuid", identifier]`, or `["set", [...]]` of such.
  fileprivate var identifiers: [String] {
    switch elements?.first {
    case "uuid": [elements?.last?.stringValue].compactMap { $0 }
    case "set": elements?.last?.elements?.flatMap(\.identifiers) ?? []
    default: []
    }
  }
}
