import CNI
import Datapath
import JSON
import Plugin
import Testing

@Suite struct ModeTests {
  /// What becomes of a pod: nil is "registered as disabled".
  typealias Expected = Datapath.Attachment.Sockets?

  @Test(
    arguments: [
      (nil, nil, nil, .nonblocking),
      (nil, nil, "true", .nonblocking),
      (nil, nil, "all", .all),
      (nil, nil, "false", nil),
      (true, "all", nil, .all),
      (true, "all", "true", .all),
      (true, "all", "false", nil),
      (false, nil, nil, nil),
      (false, "all", nil, nil),
      (false, nil, "true", .nonblocking),
      (false, "nonblocking", "all", .all),
      (false, nil, "false", nil),
    ] as [(Bool?, String?, String?, Expected)])
  func annotationComesBeforeConfiguration(
    enabled: Bool?, sockets: String?, annotation: String?, expected: Expected
  ) throws {
    var call = PodCall()
    if let enabled { call.settings.append(("enabled", .bool(enabled))) }
    if let sockets { call.settings.append(("sockets", .string(sockets))) }
    if let annotation {
      call.annotations = ["ovn.kubernetes.io/tcp_shortcut": .string(annotation)]
    }
    try expect(call, expected, lines: 0)
  }

  @Test func annotationPrefixIsTheConfigurations() throws {
    let annotations: JSONValue = [
      "ovn.kubernetes.io/tcp_shortcut": "false", "example.org/tcp_shortcut": "all",
    ]
    try expect(PodCall(annotations: annotations), nil, lines: 0)
    let settings: [(String, JSONValue)] = [("annotationPrefix", "example.org")]
    try expect(PodCall(settings: settings, annotations: annotations), .all, lines: 0)
  }

  @Test func missingAnnotationsAreNoFault() throws {
    try expect(PodCall(annotations: .null), .nonblocking, lines: 0)
  }

  @Test(arguments: [
    ("ovn.kubernetes.io/ingress_rate", "10"), ("ovn.kubernetes.io/egress_rate", "0.5"),
    ("ovn.kubernetes.io/latency", "3"), ("ovn.kubernetes.io/jitter", "1"),
    ("ovn.kubernetes.io/limit", "20"), ("ovn.kubernetes.io/loss", "50"),
    ("ovn.kubernetes.io/mirror", "true"), ("net1.shop.ovn.kubernetes.io/ingress_rate", "10"),
  ])
  func shapedOrMirroredPodIsHeldUntilTheAgentReleasesIt(name: String, value: String) throws {
    let annotations: JSONValue = ["ovn.kubernetes.io/tcp_shortcut": "all", name: .string(value)]
    let line = try expect(PodCall(annotations: annotations), .all, isBarred: true, lines: 1)
    #expect(line.contains("annotation \(name): \"\(value)\""))
    let declined: JSONValue = ["ovn.kubernetes.io/tcp_shortcut": "false", name: .string(value)]
    try expect(PodCall(annotations: declined), nil, lines: 1)
  }

  /// Nothing in Open vSwitch would show when it is gone.
  @Test(arguments: [
    ("kubernetes.io/ingress-bandwidth", "10M"), ("kubernetes.io/egress-bandwidth", "1k"),
  ])
  func podOfAnotherPluginsLimitTakesNoPart(name: String, value: String) throws {
    let call = PodCall(annotations: ["ovn.kubernetes.io/mirror": "true", name: .string(value)])
    let line = try expect(call, nil, lines: 1)
    #expect(line.contains("annotation \(name): \"\(value)\""))
  }

  @Test(
    arguments: [
      (["ovn.kubernetes.io/logical_router": "vpc1"], nil, true),
      (["ovn.kubernetes.io/logical_router": "vpc1"], "same", true),
      (["ovn.kubernetes.io/logical_router": "vpc1"], "allow", false),
      (["ovn.kubernetes.io/logical_switch": "vpc1"], nil, false),
      (.null, nil, false),
    ] as [(JSONValue, String?, Bool)])
  func domainIsTheVPCs(annotations: JSONValue, crossing: String?, isKnown: Bool) throws {
    var call = PodCall(annotations: annotations)
    if let crossing { call.settings.append(("crossVpc", .string(crossing))) }
    let node = FakeNode()
    #expect(call.run(on: node).status == 0)
    let attachment = try #require(node.registrations[try call.key])
    #expect((attachment.domain != Domain.unknown) == isKnown)
  }

  @Test(arguments: [
    ("ovn.kubernetes.io/ingress_rate", "0"), ("ovn.kubernetes.io/egress_rate", ""),
    ("ovn.kubernetes.io/loss", "0.0"), ("ovn.kubernetes.io/mirror", "false"),
    ("ovn.kubernetes.io/ingress_burst", "10"), ("example.org/ingress_rate", "10"),
    ("ingress_rate", "10"), ("ovn.kubernetes.io/ip_address", "10.0.0.2"),
  ])
  func whatLimitsNothingBarsNothing(name: String, value: String) throws {
    try expect(PodCall(annotations: [name: .string(value)]), .nonblocking, lines: 0)
  }

  @Test(
    arguments: [
      (["ingressRate": 1000, "ingressBurst": 1000], nil), (["EgressRate": 1.5], nil),
      (["ingressRate": 0, "egressRate": 0], .nonblocking), (.object([]), .nonblocking),
      (nil, .nonblocking), ("10M", nil),
    ] as [(JSONValue, Expected)])
  func bandwidthCapabilityBarsThePod(bandwidth: JSONValue, expected: Expected) throws {
    let call = PodCall(runtime: [("bandwidth", bandwidth)])
    try expect(call, expected, lines: expected == nil ? 1 : 0)
  }

  @discardableResult
  private func expect(
    _ call: PodCall, _ expected: Expected, isBarred: Bool = false, lines: Int
  ) throws -> String {
    let node = FakeNode()
    let outcome = call.run(on: node)
    #expect(outcome.status == 0)
    #expect(outcome.text == call.previousResult)
    #expect(outcome.diagnostics.count == lines)
    let attachment = try #require(node.registrations[try call.key])
    #expect(attachment.isDisabled == (expected == nil))
    #expect(attachment.isBarred == isBarred)
    if let expected { #expect(attachment.sockets == expected) }
    return outcome.diagnostics.first ?? ""
  }
}
