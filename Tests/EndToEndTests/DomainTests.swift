import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// Pods of two VPCs, whose routers let them talk to each other.
  @Suite struct DomainTests {
    /// The VPC of the server as its annotation names it, what the network list says of it, and
    /// whether the two are paired.
    static let cases: [(server: String?, crossing: String?, isPaired: Bool)] = [
      ("vpc2", nil, false), ("vpc2", "allow", true), ("vpc1", nil, true), (nil, nil, true),
    ]

    @Test(arguments: cases)
    func podsOfTwoVPCsArePairedWhereThatIsAllowed(
      server: String?, crossing: String?, isPaired: Bool
    ) async throws {
      try await Road.with(.ovn) { road in
        try await road.load()
        for pod in ["client", "server"] { try await road.addPod(pod, family: "4") }
        let address = try await road.moveToPeer("server")
        for (pod, router) in [("client", "vpc1"), ("server", server)] {
          try await road.register(pod, router, crossing)
        }
        let verdict = try await TortureRun(to: address, connections: 50).run(on: road)
        #expect(verdict.isClean, "\(verdict)")
        let status = try await road.shortcut.status()
        #expect((status.pairs > 0) == isPaired, "\(status)")
        #expect((status.refusals["domain"] ?? 0 > 0) == !isPaired, "\(status)")
        let pods = ["default/client", "default/server"]
        let explanation = try await road.shortcut.command("explain", pods).run()
        #expect(explanation.output.contains("different VPCs") == !isPaired, "\(explanation)")
        let domains = try await road.shortcut.pods().compactMap { $0["domain"]?.integerValue }
        #expect(domains.count == (crossing == "allow" ? 0 : server == nil ? 1 : 2))
        #expect(Set(domains).count == (isPaired ? min(domains.count, 1) : 2))
      }
    }
  }
}

extension Road {
  /// As the runtime calls the plugin for a pod of a VPC, whose name it may not know yet.
  fileprivate func register(_ pod: String, _ router: String?, _ crossing: String?) async throws {
    let annotation = router.map { name in #""ovn.kubernetes.io/logical_router": "\#(name)""# }
    var members = [
      #""runtimeConfig": {"io.kubernetes.cri.pod-annotations": {\#(annotation ?? "")}}"#
    ]
    if let crossing { members.append(#""crossVpc": "\#(crossing)""#) }
    try await PluginCall(.add, pod: pod, on: self, members: members).command.output()
  }

  /// Moves a pod into a VPC of its own, whose router is the peer of the other's; its new address.
  fileprivate func moveToPeer(_ pod: String) async throws -> String {
    let (gateway, address) = ("10.17.0.1", "10.17.0.2")
    let link = try await inside(pod, "ip", ["-json", "link", "show", "eth0"]).output()
    let mac = try JSONValue(parsing: Array(link.utf8)).elements?.first?["address"]?.stringValue
    try await nbctl(
      "lsp-del", "\(pod).default", "--", "lr-add", "peer", "--", "ls-add", "edge", "--", "lrp-add",
      "peer", "peer-edge", "00:00:00:00:01:00", "\(gateway)/16", "--", "lsp-add", "edge",
      "edge-peer", "--", "lsp-set-type", "edge-peer", "router", "--", "lsp-set-addresses",
      "edge-peer", "router", "--", "lsp-set-options", "edge-peer", "router-port=peer-edge", "--",
      "lsp-add", "edge", "\(pod).default", "--", "lsp-set-addresses", "\(pod).default",
      "\(mac ?? "") \(address)")
    for (router, other, own, route) in [
      ("vpc0", "peer", 1, "10.17.0.0/16"), ("peer", "vpc0", 2, "10.16.0.0/16"),
    ] {
      let port = "\(router)-to-\(other)"
      try await nbctl(
        "lrp-add", router, port, "00:00:00:00:02:0\(own)", "169.254.7.\(own)/30", "--", "set",
        "Logical_Router_Port", port, "peer=\(other)-to-\(router)", "--", "lr-route-add", router,
        route, "169.254.7.\(3 - own)")
    }
    let script = """
      ip address flush dev eth0 && ip address add \(address)/16 dev eth0 &&
      ip route replace default via \(gateway) dev eth0
      """
    try await inside(pod, "sh", ["-c", script]).output()
    try await nbctl("--wait=hv", "sync")
    let result = "\(directory)/pods/\(pod)/result.json"
    let edit = #"jq --arg ip "$1/16" '.ips[0].address = $ip' "$0" >"$0.new" && mv "$0.new" "$0""#
    try await Command("bash", ["-c", edit, result, address]).output()
    return address
  }
}
