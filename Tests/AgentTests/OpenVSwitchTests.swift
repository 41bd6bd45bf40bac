import Datapath
import JSON
import Testing

@testable import Agent

/// The rows are as ovsdb-server of Open vSwitch 3.1 sends them.
@Suite struct OpenVSwitchTests {
  private static let interface: JSONValue = [
    "name": "0123456789ab_h", "ingress_policing_rate": 0,
    "external_ids": [
      "map",
      [
        ["iface-id", "web.default"], ["ip", "10.16.0.2,fd00:10:16::2"], ["pod_name", "web"],
        ["pod_namespace", "default"], ["pod_netns", "/run/netns/web"], ["vendor", "kube-ovn"],
      ],
    ],
  ]
  private static let none: JSONValue = ["set", []]

  /// A pod with one port, and what else is given.
  private func vswitch(
    quality: JSONValue = none, with tables: [(String, JSONValue)] = []
  ) -> OpenVSwitch {
    var vswitch = OpenVSwitch()
    vswitch.apply(["Interface": ["i1": ["new": Self.interface]]])
    vswitch.apply(["Port": ["p1": ["new": ["interfaces": ["uuid", "i1"], "qos": quality]]]])
    vswitch.apply(.object(tables))
    return vswitch
  }

  @Test func podIsReadFromItsInterface() throws {
    let pod = try #require(vswitch().pods.first)
    #expect(pod.title == "default/web")
    #expect(pod.netnsPath == "/run/netns/web")
    #expect(pod.addresses == ["10.16.0.2", "fd00:10:16::2"].compactMap(Address.init))
    #expect(pod.isPrimary)
    #expect(vswitch().restrictedPods.isEmpty)
    #expect(vswitch().nodeRestriction == nil)
  }

  @Test func interfaceOfTheNodeIsNoPod() {
    var vswitch = OpenVSwitch()
    let row: JSONValue = ["name": "br-int", "external_ids": ["map", []]]
    vswitch.apply(["Interface": ["i1": ["new": row]]])
    #expect(vswitch.pods.isEmpty)
  }

  @Test func policedPodIsRestrictedUntilItIsNot() {
    var vswitch = vswitch()
    let limited = Self.interface.members?.map {
      $0.0 == "ingress_policing_rate" ? ($0.0, JSONValue.integer(1000)) : $0
    }
    vswitch.apply(["Interface": ["i1": ["new": .object(limited ?? [])]]])
    #expect(vswitch.restrictedPods.map(\.reason) == ["ingress_policing_rate 1000"])
    vswitch.apply(["Interface": ["i1": ["new": Self.interface]]])
    #expect(vswitch.restrictedPods.isEmpty)
  }

  @Test(arguments: ["linux-htb", "linux-netem"])
  func podWithAQualityIsRestricted(type: String) {
    let table: JSONValue = ["q1": ["new": ["type": .string(type)]]]
    let vswitch = vswitch(quality: ["uuid", "q1"], with: [("QoS", table)])
    #expect(vswitch.restrictedPods.map(\.reason) == ["qos \(type)"])
  }

  /// Rows may arrive one after the other: what is not known is not harmless.
  @Test func podWithAnUnknownQualityIsRestricted() {
    #expect(
      vswitch(quality: ["uuid", "q1"]).restrictedPods.map(\.reason) == ["qos of unknown type"])
  }

  @Test func qualityThatDoesNothingRestrictsNobody() {
    let table: JSONValue = ["q1": ["new": ["type": "linux-noop"]]]
    #expect(vswitch(quality: ["uuid", "q1"], with: [("QoS", table)]).restrictedPods.isEmpty)
  }

  @Test(arguments: ["select_src_port", "select_dst_port"], [1, 2])
  func mirroredPodIsRestricted(column: String, ports: Int) {
    let selected: JSONValue =
      ports == 1 ? ["uuid", "p1"] : ["set", [["uuid", "p0"], ["uuid", "p1"]]]
    let other = column == "select_src_port" ? "select_dst_port" : "select_src_port"
    let row = JSONValue.object([
      ("name", "m0"), ("select_all", false), (column, selected), (other, Self.none),
    ])
    let vswitch = vswitch(with: [("Mirror", ["m1": ["new": row]])])
    #expect(vswitch.restrictedPods.map(\.pod.pod) == ["web"])
    #expect(vswitch.restrictedPods.map(\.reason) == ["mirror m0"])
    #expect(vswitch.nodeRestriction == nil)
  }

  @Test func mirrorOfAllPortsRestrictsTheNodeUntilItIsGone() {
    let row: JSONValue = [
      "name": "m0", "select_all": true, "select_src_port": Self.none, "select_dst_port": Self.none,
    ]
    var vswitch = vswitch(with: [("Mirror", ["m1": ["new": row]])])
    #expect(vswitch.nodeRestriction == "mirror m0 selects all ports")
    vswitch.apply(["Mirror": ["m1": ["old": row]]])
    #expect(vswitch.nodeRestriction == nil)
  }

  @Test func removedInterfaceIsForgotten() {
    var vswitch = vswitch()
    vswitch.apply(["Interface": ["i1": ["old": Self.interface]]])
    #expect(vswitch.pods.isEmpty)
  }

  @Test func furtherInterfaceOfAPodIsNotPrimary() {
    let pod = PodInterface(
      name: "x_net1_h",
      identifiers: [
        "pod_name": "web", "pod_namespace": "default", "iface-id": "web.default.net1.default.ovn",
      ])
    #expect(pod?.isPrimary == false)
  }
}
