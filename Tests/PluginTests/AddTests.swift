import CNI
import Datapath
import JSON
import Plugin
import Testing

@Suite struct AddTests {
  static let families = [
    ["10.16.0.15/16"], ["fd00:10:16::f/112"], ["10.16.0.15/16", "fd00:10:16::f/112"],
  ]

  @Test(arguments: ProtocolVersion.allCases, families)
  func podIsRegisteredAndResultPrinted(_ version: ProtocolVersion, _ addresses: [String]) throws {
    let node = FakeNode()
    let call = PodCall(version: version, addresses: addresses)
    let outcome = call.run(on: node)
    #expect(outcome == Outcome(output: Array(call.previousResult.utf8)))
    let attachment = try #require(node.registrations[try call.key])
    let expected = addresses.map { String($0.prefix { $0 != "/" }) } + ["127.0.0.1", "::1"]
    #expect(attachment.addresses.map(\.description) == expected)
    #expect(!attachment.isDisabled)
    #expect(attachment.sockets == .nonblocking)
    #expect(node.pins == [.standard])
  }

  @Test func whatIsKnownOfThePodIsRecorded() throws {
    let node = FakeNode()
    let call = PodCall(runtime: [("cgroupPath", "/kubepods/pod1")])
    #expect(call.run(on: node).status == 0)
    let attachment = try #require(node.registrations[try call.key])
    #expect(attachment.netnsCookie == 4711)
    #expect(attachment.netnsPath == "/run/netns/pod")
    #expect(attachment.cgroupPath == "/kubepods/pod1")
    #expect(attachment.cgroupID == 99)
    #expect(attachment.podNamespace == "shop")
    #expect(attachment.podName == "web-0")
    #expect(attachment.podUID == "8f0a")
    #expect(attachment.network == "kube-ovn")
  }

  @Test func containerThatIsNoPodIsRegistered() throws {
    let node = FakeNode()
    var call = PodCall()
    call.variables["CNI_ARGS"] = nil
    #expect(call.run(on: node) == Outcome(output: Array(call.previousResult.utf8)))
    #expect(node.registrations[try call.key]?.podName == "")
  }

  @Test func unknownControlGroupIsNoFailure() throws {
    let node = FakeNode()
    let call = PodCall(runtime: [("cgroupPath", "/gone")])
    #expect(call.run(on: node).diagnostics.isEmpty)
    let attachment = try #require(node.registrations[try call.key])
    #expect(attachment.cgroupID == nil)
    #expect(attachment.cgroupPath == "/gone")
  }

  @Test func whatIsNoAddressIsLeftOut() throws {
    let node = FakeNode()
    let call = PodCall(addresses: ["", "x/24", "10.0.0.2/24", "10.0.0.2/16", "::1/128", "fd00::2"])
    #expect(call.run(on: node).status == 0)
    let attachment = try #require(node.registrations[try call.key])
    #expect(attachment.addresses.map(\.description) == ["10.0.0.2", "fd00::2", "127.0.0.1", "::1"])
  }

  @Test(arguments: [[], ["", "nonsense/24"]])
  func podWithoutAddressStartsAndIsNotRegistered(_ addresses: [String]) throws {
    let node = FakeNode()
    let call = PodCall(version: .v100, addresses: addresses)
    let outcome = call.run(on: node)
    #expect(outcome.text == call.previousResult)
    #expect(outcome.diagnostics.count == 1)
    #expect(node.registrations.isEmpty)
    #expect(call.run(.check, on: node) == Outcome())
    #expect(call.run(.delete, on: node) == Outcome())
  }

  @Test func secondAddressOfOneFamilyIsRegistered() throws {
    let node = FakeNode()
    let call = PodCall(addresses: ["10.0.0.2/24", "10.0.0.3/24", "fd00::2/64", "fd00::3/64"])
    #expect(call.run(on: node).diagnostics.isEmpty)
    let attachment = try #require(node.registrations[try call.key])
    #expect(attachment.addresses.count == 6)
    #expect(attachment.addresses[1].description == "10.0.0.3")
  }

  @Test func pinsAreFoundWhereTheConfigurationSays() {
    let node = FakeNode()
    _ = PodCall(settings: [("bpffsRoot", "/run/bpf/x")]).run(on: node)
    #expect(node.pins == [PinDirectory(path: "/run/bpf/x")])
  }

  @Test func secondAddReplacesTheFirst() throws {
    let node = FakeNode()
    _ = PodCall(addresses: ["10.0.0.2/24"]).run(on: node)
    let call = PodCall(addresses: ["10.0.0.3/24"])
    _ = call.run(on: node)
    #expect(node.registrations.count == 1)
    #expect(node.registrations[try call.key]?.addresses.first?.description == "10.0.0.3")
  }

  @Test func processesOfTheNodeNeverTakePart() {
    let node = FakeNode()
    node.cookies["/own"] = 1
    var call = PodCall(version: .v100)
    call.variables["CNI_NETNS"] = "/own"
    call.variables["CNI_NETNS_OVERRIDE"] = "1"
    let outcome = call.run(on: node)
    #expect(outcome.text == call.previousResult)
    #expect(outcome.diagnostics.count == 1)
    #expect(node.registrations.isEmpty)
    #expect(call.run(.check, on: node).status == 0)
  }
}
