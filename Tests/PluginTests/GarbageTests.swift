import CNI
import Datapath
import JSON
import Plugin
import Testing

@Suite struct GarbageTests {
  @Test func onlyValidAttachmentsStay() throws {
    let (node, calls) = try registered(["one", "two", "three"])
    #expect(collect(on: node, keeping: [["containerID": "two", "ifname": "eth0"]]) == Outcome())
    #expect(node.registrations.keys.map(\.containerID) == ["two"])
    #expect(calls.count == 3)
  }

  @Test func interfaceOfTheSameContainerIsAnotherAttachment() throws {
    let (node, _) = try registered(["one"])
    #expect(collect(on: node, keeping: [["containerID": "one", "ifname": "net1"]]) == Outcome())
    #expect(node.registrations.isEmpty)
  }

  @Test(arguments: [JSONValue.null, .array([])])
  func withoutValidAttachmentsNoneStays(_ valid: JSONValue) throws {
    let (node, _) = try registered(["one", "two"])
    #expect(collect(on: node, keeping: valid) == Outcome())
    #expect(node.registrations.isEmpty)
  }

  @Test func withoutAWordOnValidityOnlyWhatIsGoneGoes() throws {
    let (node, calls) = try registered(["one", "two"])
    #expect(collect(on: node, keeping: nil) == Outcome())
    #expect(node.registrations.count == 2)
    node.goneNamespaces = ["/run/netns/pod"]
    node.registrations[try calls[0].key]?.netnsPath = "/run/netns/other"
    #expect(collect(on: node, keeping: nil) == Outcome())
    #expect(node.registrations.keys.map(\.containerID) == ["one"])
  }

  @Test(arguments: [JSONValue?.none, .null, .array([])])
  func otherNetworksStay(_ valid: JSONValue?) throws {
    let (node, _) = try registered(["one"])
    node.goneNamespaces = ["/run/netns/pod"]
    #expect(collect(on: node, network: "other", keeping: valid) == Outcome())
    #expect(node.registrations.count == 1)
  }

  @Test func oneThatCannotBeRemovedDoesNotKeepTheOthers() throws {
    let (node, calls) = try registered(["one", "two", "three"])
    node.stubborn = [try calls[1].key]
    let outcome = collect(on: node, keeping: .array([]))
    #expect(outcome.status == 0)
    #expect(
      outcome.diagnostics.first?.hasPrefix(
        "shortcut-cni: network kube-ovn: not cleaned up: bpf_map_delete_elem two") == true)
    #expect(node.registrations.keys.map(\.containerID) == ["two"])
    let closed = collect(on: node, keeping: .array([]), [("failurePolicy", "closed")])
    #expect(try closed.error["code"] == 101)
  }

  @Test func absentDatapathIsNothingToCollect() {
    let node = FakeNode()
    node.datapathFailure = DatapathError(operation: "bpf_obj_get", subject: "/x", code: 2)
    #expect(collect(on: node, keeping: .array([])) == Outcome())
  }

  private func registered(_ containers: [String]) throws -> (FakeNode, [PodCall]) {
    let node = FakeNode()
    let calls = containers.map { container in
      var call = PodCall()
      call.variables["CNI_CONTAINERID"] = container
      return call
    }
    for call in calls { _ = call.run(on: node) }
    try #require(node.registrations.count == containers.count)
    return (node, calls)
  }

  private func collect(
    on node: FakeNode, network: String = "kube-ovn", keeping valid: JSONValue?,
    _ settings: [(String, JSONValue)] = []
  ) -> Outcome {
    var call = PodCall(version: .v110, settings: settings)
    call.network = network
    call.variables = ["CNI_PATH": "/opt/cni/bin"]
    if let valid { call.settings.append(("cni.dev/valid-attachments", valid)) }
    return call.run(.garbageCollect, on: node)
  }
}
