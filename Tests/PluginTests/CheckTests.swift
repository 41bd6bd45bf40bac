import CNI
import Datapath
import JSON
import Plugin
import Testing

@Suite struct CheckTests {
  @Test(arguments: [ProtocolVersion.v040, .v100, .v110], AddTests.families)
  func registeredPodPasses(_ version: ProtocolVersion, _ addresses: [String]) {
    let node = FakeNode()
    let call = PodCall(
      version: version, settings: [("failurePolicy", "closed")], addresses: addresses)
    _ = call.run(on: node)
    #expect(call.run(.check, on: node) == Outcome())
  }

  @Test(arguments: ["open", "closed"])
  func missingAllowlistEntryFails(_ policy: String) throws {
    let (node, call) = registered(policy)
    node.missing = ["10.16.0.15", "fd00::2"].compactMap { Address($0) }
    let error = try call.run(.check, on: node).error
    #expect(error["code"] == 104)
    #expect(
      error["details"] == "not in the allowlist: 10.16.0.15 fd00::2; recreate the pod")
  }

  @Test(arguments: ["open", "closed"])
  func registrationForAnotherNamespaceFails(_ policy: String) throws {
    let (node, call) = registered(policy)
    node.cookies["/run/netns/pod"] = 1
    #expect(try call.run(.check, on: node).error["code"] == 104)
  }

  @Test(arguments: ["open", "closed"])
  func alteredAllowlistEntryFails(_ policy: String) throws {
    let (node, call) = registered(policy)
    node.altered = ["10.16.0.15"].compactMap { Address($0) }
    let error = try call.run(.check, on: node).error
    #expect(error["code"] == 104)
    #expect(
      error["details"]
        == "in the allowlist, but not as registered: 10.16.0.15; recreate the pod")
  }

  @Test(arguments: ["open", "closed"])
  func registrationThatIsGoneFails(_ policy: String) throws {
    let (node, call) = registered(policy)
    node.registrations = [:]
    let error = try call.run(.check, on: node).error
    #expect(error["code"] == 104)
    #expect(error["details"] == "nothing is registered; recreate the pod")
  }

  @Test func podThatStartedUnacceleratedPassesUnderOpen() throws {
    let (node, call) = registered("open")
    node.registrations = [:]
    node.obstacle = "the map is full"
    let outcome = call.run(.check, on: node)
    #expect(outcome.status == 0)
    #expect(
      outcome.diagnostics.first?.contains("nothing is registered: the map is full") == true)
    node.datapathFailure = DatapathError(operation: "bpf_obj_get", subject: "/x", code: 2)
    #expect(call.run(.check, on: node).status == 0)
    node.cookies = [:]
    #expect(call.run(.check, on: node).status == 0)
  }

  @Test func absentRegistrationFailsUnderClosed() throws {
    let (node, call) = registered("closed")
    node.registrations = [:]
    #expect(try call.run(.check, on: node).error["code"] == 104)
    node.datapathFailure = DatapathError(operation: "bpf_obj_get", subject: "/x", code: 2)
    #expect(try call.run(.check, on: node).error["code"] == 100)
    node.cookies = [:]
    #expect(try call.run(.check, on: node).error["code"] == 103)
  }

  @Test(arguments: ["open", "closed"])
  func podThatTakesNoPartPasses(_ policy: String) {
    let call = PodCall(
      version: .v100, settings: [("enabled", false), ("failurePolicy", .string(policy))])
    #expect(call.run(.check, on: FakeNode()) == Outcome())
  }

  @Test func previousResultMayBeMissing() {
    let (node, call) = registered("open")
    var bare = call
    bare.previousResult = "null"
    #expect(bare.run(.check, on: node) == Outcome())
  }

  @Test(arguments: ["open", "closed"])
  func statusNeedsNoDatapath(_ policy: String) {
    let node = FakeNode()
    node.datapathFailure = DatapathError(operation: "bpf_obj_get", subject: "/x", code: 2)
    let call = PodCall(version: .v110, settings: [("failurePolicy", .string(policy))])
    #expect(call.run(.status, on: node) == Outcome())
    #expect(node.pins.isEmpty)
  }

  private func registered(_ policy: String) -> (FakeNode, PodCall) {
    let node = FakeNode()
    let call = PodCall(version: .v100, settings: [("failurePolicy", .string(policy))])
    _ = call.run(on: node)
    return (node, call)
  }
}
