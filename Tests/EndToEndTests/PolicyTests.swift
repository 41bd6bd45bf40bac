import JSON
import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// What OVN decides after the handshake holds for bytes that take the shortcut.
  @Suite struct PolicyTests {
    /// After this long nothing may arrive any more; seconds.
    private static let grace = 2.0

    @Test func aclThatDropsStopsALiveConnectionUntilItIsGone() async throws {
      try await Road.with(.ovn, pods: ["client", "server"]) { road in
        try await road.withAgent { _ in
          try await expectInterruption(
            of: Talk(road: road), on: road,
            from: { try await road.verb("deny", "client", "server") },
            to: { try await road.verb("allow", "client", "server") })
        }
      }
    }

    /// A router policy that sends packets to a next hop which is not there.
    @Test func policyThatReroutesStopsALiveConnectionUntilItIsGone() async throws {
      try await Road.with(.ovn) { road in
        for pod in ["client", "server"] {
          try await road.addPod(pod, family: "4", network: 1)
        }
        let address = try await road.moveToAnotherSubnet("server")
        let match = "ip4.dst == \(address)"
        try await road.withAgent { _ in
          try await expectInterruption(
            of: Talk(road: road, address: address), on: road,
            from: {
              try await road.nbctl("lr-policy-add", "vpc1", "100", match, "reroute", "10.16.99.99")
              try await road.nbctl("--wait=hv", "sync")
            },
            to: {
              try await road.nbctl("lr-policy-del", "vpc1", "100", match)
              try await road.nbctl("--wait=hv", "sync")
            })
        }
      }
    }

    /// Rules of a group of ports, as kube-ovn makes of a security group: who is in it may talk.
    @Test func podThatLeavesASecurityGroupIsCutOffUntilItIsBack() async throws {
      try await Road.with(.ovn, pods: ["client", "server"]) { road in
        var addresses: [String] = []
        for family in [4, 6] {
          addresses.append(try await road.address(of: "client", family: family))
        }
        try await road.makeSecurityGroup("server", allowing: addresses)
        try await road.withAgent { _ in
          try await expectInterruption(
            of: Talk(road: road), on: road,
            from: { try await road.setMembers([], of: "friends") },
            to: { try await road.setMembers(addresses, of: "friends") })
        }
      }
    }

    /// A sender that always has more is stopped, and told so, as plain TCP stops it and tells it.
    @Test func bulkSenderIsBlockedAsPlainTCPIs() async throws {
      var seen: [String: [Talk.Moment]] = [:]
      // Plain TCP over OVN in user space may not go on for minutes after a drop: it has three tries.
      for annotation in ["true", "false", "false", "false"] where seen[annotation] == nil {
        try await Road.with(.ovn, pods: ["client", "server"], shortcut: annotation) { road in
          try await road.withAgent { _ in
            let talk = Talk(road: road, size: 65536)
            do {
              seen[annotation] = try await expectInterruption(
                of: talk, on: road, isShortened: annotation == "true",
                from: { try await road.verb("deny", "client", "server") },
                to: { try await road.verb("allow", "client", "server") })
            } catch  where annotation == "false" {
              print("plain TCP did not go on: \(error)")
            }
          }
        }
      }
      #expect(seen.count == 2)
      for (annotation, moments) in seen {
        #expect(moments.last?.sent == moments.first?.sent, "\(annotation): \(moments)")
        #expect(moments.allSatisfy { !$0.isWritable && $0.said == "EAGAIN" }, "\(annotation)")
        // What the two kernels hold: no more than buffers of TCP can.
        let held = (moments.last?.sent ?? 0) - (moments.last?.echoed ?? 0)
        #expect(held > 0 && held < 32 << 20, "\(annotation): \(held)")
      }
    }

    @Test func revalidationSendsOneMessageOverTheStack() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let moments = try await Talk(road: road).during(seconds: 12) {
          try await road.waitForShortcut()
          for _ in 0..<3 {
            let before = try await road.shortcut.status()
            try await road.shortcut.command("revalidate").output()
            try await road.waitForShortcut()
            let after = try await road.shortcut.status()
            // Of both directions.
            #expect(after.stackMessages - before.stackMessages >= 2)
            #expect(after.leaves["refresh"] ?? 0 >= 2 + (before.leaves["refresh"] ?? 0))
            #expect(after.joins >= before.joins + 2)
          }
        }
        #expect(moments.last?.echoed == moments.last?.sent)
      }
    }

    /// The connection is shortened, then nothing arrives, then it goes on and is shortened again.
    /// Returns what was seen while nothing arrived.
    @discardableResult
    private func expectInterruption(
      of talk: Talk, on road: Road, isShortened: Bool = true,
      from begin: () async throws -> Void, to end: () async throws -> Void
    ) async throws -> [Talk.Moment] {
      var (denied, allowed) = (0.0, 0.0)
      let moments = try await talk.during(seconds: 20) {
        if isShortened {
          try await road.waitForShortcut()
        } else {
          try await Task.sleep(for: .seconds(2))
        }
        try await begin()
        denied = now()
        try await Task.sleep(for: .seconds(5))
        allowed = now()
        try await end()
        if isShortened { try await road.waitForShortcut() }
      }
      let during = moments.filter { $0.time > denied + Self.grace && $0.time < allowed }
      #expect(during.count > 10)
      #expect(during.first?.echoed == during.last?.echoed, "\(during)")
      #expect(moments.last?.echoed ?? 0 > during.last?.echoed ?? 0)
      #expect(moments.last?.echoed == moments.last?.sent)
      return during
    }
  }
}

private func now() -> Double { Double(monotonicNanoseconds()) / 1e9 }

extension Road {
  /// Returns when bytes take the shortcut from now on: more than a connection that warms up sends.
  func waitForShortcut() async throws {
    let before = try await shortcut.status().shortcutMessages
    for _ in 0..<200 {
      try await Task.sleep(for: .milliseconds(50))
      if try await shortcut.status().shortcutMessages > before + 300 { return }
    }
    Issue.record("nothing takes the shortcut: \(try await shortcut.status())")
  }

  @discardableResult
  func nbctl(_ arguments: String...) async throws -> String {
    let socket = "unix:\(directory)/openvswitch/ovnnb_db.sock"
    return try await Command("ovn-nbctl", ["--timeout=30", "--db=\(socket)"] + arguments).output()
  }

  /// Drops what comes to a pod, but from those whose addresses are in the set `friends`.
  fileprivate func makeSecurityGroup(_ pod: String, allowing addresses: [String]) async throws {
    try await nbctl("pg-add", "group", "\(pod).default")
    try await nbctl(
      "create", "Address_Set", "name=friends", "--", "create", "Address_Set", "name=friends6")
    try await setMembers(addresses, of: "friends")
    for (priority, match, action) in [
      ("2300", "outport == @group && ip4.src == $friends", "allow-related"),
      ("2300", "outport == @group && ip6.src == $friends6", "allow-related"),
      ("2003", "outport == @group && ip", "drop"),
    ] {
      try await nbctl("acl-add", "group", "to-lport", priority, match, action)
    }
    try await nbctl("--wait=hv", "sync")
  }

  /// Of an address set and the one for IPv6 of the same name.
  fileprivate func setMembers(_ addresses: [String], of name: String) async throws {
    for (set, isIPv6) in [(name, false), ("\(name)6", true)] {
      let own = addresses.filter { $0.contains(":") == isIPv6 }.map { "\"\($0)\"" }
      let value = "addresses=[\(own.joined(separator: ","))]"
      try await nbctl("set", "Address_Set", set, value)
    }
    try await nbctl("--wait=hv", "sync")
  }

  @discardableResult
  func vsctl(_ arguments: String...) async throws -> String {
    let socket = "unix:\(directory)/openvswitch/db.sock"
    return try await Command("ovs-vsctl", ["--timeout=30", "--db=\(socket)"] + arguments).output()
  }

  /// The host end of a pod's interface.
  func interface(of pod: String) async throws -> String {
    let name = try await vsctl(
      "--bare", "--columns=name", "find", "Interface", "external_ids:pod_name=\(pod)")
    return name.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
  }

  /// Moves a pod that is not registered behind the router, as one of another subnet; its address.
  fileprivate func moveToAnotherSubnet(_ pod: String) async throws -> String {
    let (gateway, address) = ("10.17.0.1", "10.17.0.2")
    let link = try await inside(pod, "ip", ["-json", "link", "show", "eth0"]).output()
    let mac = try JSONValue(parsing: Array(link.utf8)).elements?.first?["address"]?.stringValue
    try await nbctl(
      "lsp-del", "\(pod).default", "--", "ls-add", "edge", "--", "lrp-add", "vpc1", "vpc1-edge",
      "00:00:00:00:01:00", "\(gateway)/16", "--", "lsp-add", "edge", "edge-vpc1", "--",
      "lsp-set-type", "edge-vpc1", "router", "--", "lsp-set-addresses", "edge-vpc1", "router",
      "--", "lsp-set-options", "edge-vpc1", "router-port=vpc1-edge", "--", "lsp-add", "edge",
      "\(pod).default", "--", "lsp-set-addresses", "\(pod).default", "\(mac ?? "") \(address)")
    let script = """
      ip address flush dev eth0 && ip address add \(address)/16 dev eth0 &&
      ip route replace default via \(gateway) dev eth0
      """
    try await inside(pod, "sh", ["-c", script]).output()
    try await vsctl("set", "Interface", interface(of: pod), "external_ids:ip=\(address)")
    try await nbctl("--wait=hv", "sync")
    return address
  }
}
