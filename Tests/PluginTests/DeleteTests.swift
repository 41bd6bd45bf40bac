import CNI
import Datapath
import JSON
import Plugin
import Testing

@Suite struct DeleteTests {
  @Test(arguments: ProtocolVersion.allCases)
  func deleteUndoesAddAndMayBeRepeated(_ version: ProtocolVersion) throws {
    let node = FakeNode()
    let call = PodCall(version: version)
    _ = call.run(on: node)
    try #require(node.registrations.count == 1)
    for _ in 1...3 {
      #expect(call.run(.delete, on: node) == Outcome())
      #expect(node.registrations.isEmpty)
    }
  }

  @Test(arguments: ["", "/gone", nil])
  func deleteNeedsNoNamespace(_ path: String?) {
    let node = FakeNode()
    var call = PodCall()
    _ = call.run(on: node)
    call.variables["CNI_NETNS"] = path
    #expect(call.run(.delete, on: node) == Outcome())
    #expect(node.registrations.isEmpty)
  }

  @Test func otherPodsAndInterfacesStay() throws {
    let node = FakeNode()
    var second = PodCall()
    second.variables["CNI_CONTAINERID"] = "cafe"
    var third = PodCall()
    third.variables["CNI_IFNAME"] = "net1"
    for call in [PodCall(), second, third] { _ = call.run(on: node) }
    _ = PodCall().run(.delete, on: node)
    #expect(Set(node.registrations.keys) == [try second.key, try third.key])
  }

  @Test(arguments: ["open", "closed"])
  func absentDatapathIsNothingToDelete(_ policy: String) {
    let node = FakeNode()
    node.datapathFailure = DatapathError(operation: "bpf_obj_get", subject: "/x", code: 2)
    let call = PodCall(settings: [("failurePolicy", .string(policy))])
    #expect(call.run(.delete, on: node) == Outcome())
  }

  @Test(arguments: ["open", "closed"])
  func refusingKernelIsToldButDoesNotKeepThePod(_ policy: String) {
    let node = FakeNode()
    node.datapathFailure = DatapathError(operation: "bpf_obj_get", subject: "/x", code: 1)
    let outcome = PodCall(settings: [("failurePolicy", .string(policy))]).run(.delete, on: node)
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty)
    #expect(outcome.diagnostics.count == 1)
    #expect(outcome.diagnostics.first?.contains("bpf_obj_get /x") == true)
  }

  @Test func meaninglessSettingsDoNotKeepThePod() {
    let node = FakeNode()
    _ = PodCall().run(on: node)
    let call = PodCall(settings: [("enabled", "yes"), ("failurePolicy", "closed")])
    #expect(call.run(.delete, on: node) == Outcome())
    #expect(node.registrations.isEmpty)
  }

  @Test func nameThatCannotBeRegisteredIsNothingToDelete() {
    var call = PodCall()
    call.variables["CNI_CONTAINERID"] = String(repeating: "x", count: 300)
    #expect(call.run(.delete, on: FakeNode()) == Outcome())
  }

  @Test func recordGoesEvenIfThePathLeadsToTheNode() throws {
    let node = FakeNode()
    var call = PodCall()
    _ = call.run(on: node)
    call.variables["CNI_NETNS"] = "/own"
    #expect(try call.run(.delete, on: node).error["code"] == 8)
    #expect(node.registrations.isEmpty)
  }
}
