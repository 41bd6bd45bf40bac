import CNI
import JSON
import Testing

@Suite struct EnvironmentTests {
  @Test(arguments: ["a", "0", "A-b_c.9", String(repeating: "x", count: 300)])
  func containerIDOfAnyLengthIsTaken(_ identifier: String) throws {
    let plugin = RecordingPlugin()
    _ = Call("ADD", ["CNI_CONTAINERID": identifier]).run(plugin)
    #expect(plugin.requests.first?.environment.containerID == identifier)
  }

  @Test(arguments: ["eth0", "fifteen-bytes-a", "ééééééé", "@", "..."])
  func interfaceNameTheKernelTakesIsTaken(_ name: String) {
    #expect(Call("ADD", ["CNI_IFNAME": name]).run().status == 0)
  }

  @Test func argumentsAreFoundInAnyOrder() {
    let pairs = [
      "IgnoreUnknown=1", "K8S_POD_NAMESPACE=default", "K8S_POD_NAME=web-0",
      "K8S_POD_INFRA_CONTAINER_ID=c0ffee", "K8S_POD_UID=8f0a",
    ]
    for order in [pairs, pairs.reversed()] {
      let arguments = Arguments(parsing: order.joined(separator: ";"))
      #expect(arguments["K8S_POD_NAMESPACE"] == "default")
      #expect(arguments["K8S_POD_NAME"] == "web-0")
      #expect(arguments["K8S_POD_UID"] == "8f0a")
      #expect(arguments["K8S_POD"] == nil)
    }
  }

  @Test func whatIsNoPairIsPassedOver() {
    let arguments = Arguments(parsing: ";;novalue;=x;A=;B=c=d;A2=1;A2=2;")
    #expect(arguments["novalue"] == nil)
    #expect(arguments["A"] == "")
    #expect(arguments["B"] == "c=d")
    #expect(arguments["A2"] == "2")
    #expect(Arguments(parsing: "")["A"] == nil)
  }
}

@Suite struct ConfigurationTests {
  @Test func keyInOtherCaseIsFound() throws {
    let plugin = RecordingPlugin()
    let input = """
      {"CNIVERSION":"0.4.0","NAME":"net",
       "PrevResult":{"CniVersion":"0.4.0","IPs":[{"Address":"10.0.0.2/24"}]}}
      """
    let outcome = Call(input: input).run(plugin)
    #expect(outcome.status == 0)
    #expect(plugin.requests.first?.version == .v040)
    #expect(plugin.requests.first?.configuration.name == "net")
    #expect(plugin.addresses == ["10.0.0.2"])
  }

  @Test func exactKeyComesBeforeOneInOtherCase() throws {
    let configuration = try decode(#"{"Name":"wrong","name":"right","NAME":"wrong"}"#)
    #expect(configuration.name == "right")
  }

  @Test func runtimeConfigurationIsRead() throws {
    let runtime = try decode(
      """
      {"name":"n","capabilities":{"cgroupPath":true},"runtimeConfig":{
        "io.kubernetes.cri.pod-annotations":{"b/c":"1","a":"2"},
        "cgroupPath":"/kubepods/pod1","bandwidth":{"ingressRate":1}}}
      """
    ).runtime
    #expect(runtime.annotations.map(\.0) == ["b/c", "a"])
    #expect(runtime.annotations.map(\.1) == ["1", "2"])
    #expect(runtime.controlGroupPath == "/kubepods/pod1")
    #expect(runtime.bandwidth == ["ingressRate": 1])
  }

  @Test(arguments: [
    #"{"name":"n"}"#, #"{"name":"n","runtimeConfig":null}"#, #"{"name":"n","runtimeConfig":[]}"#,
    #"{"name":"n","runtimeConfig":{"io.kubernetes.cri.pod-annotations":null,"cgroupPath":null}}"#,
    #"{"name":"n","runtimeConfig":{"io.kubernetes.cri.pod-annotations":[1],"cgroupPath":7}}"#,
  ])
  func runtimeConfigurationOfOtherShapeIsEmpty(_ text: String) throws {
    let runtime = try decode(text).runtime
    #expect(runtime.annotations.isEmpty)
    #expect(runtime.controlGroupPath == nil)
    #expect(runtime.bandwidth == nil)
  }

  static let one: ValidAttachments = .only([.init(containerID: "c", interfaceName: "eth0")])

  @Test(
    arguments: [
      ("", .unknown), (#","cni.dev/valid-attachments":null"#, .only([])),
      (#","cni.dev/attachments":null"#, .only([])), (#","cni.dev/attachments":[]"#, .only([])),
      (#","cni.dev/attachments":[{"containerID":"c","ifname":"eth0"}]"#, one),
      (#","CNI.DEV/Valid-Attachments":[{"ContainerID":"c","ifName":"eth0","x":1}]"#, one),
      (
        #","cni.dev/attachments":[],"#
          + #""cni.dev/valid-attachments":[{"containerID":"c","ifname":"eth0"}]"#, one
      ),
    ] as [(String, ValidAttachments)])
  func validAttachmentsAreReadUnderEitherKey(_ members: String, _ valid: ValidAttachments) {
    let plugin = RecordingPlugin()
    let input = #"{"cniVersion":"1.1.0","name":"n"\#(members)}"#
    #expect(Call("GC", input: input).run(plugin).status == 0)
    #expect(plugin.valid == valid)
  }

  @Test func ofMembersWithTheSameKeyTheLastOneCounts() throws {
    let plugin = RecordingPlugin()
    let result = { (address: String) in #"{"ips":[{"address":"\#(address)"}]}"# }
    let input = """
      {"cniVersion":"1.1.0","name":"n","PREVRESULT":\(result("1.1.1.1")),
       "PrevResult":\(result("2.2.2.2")),"PREVRESULT":\(result("3.3.3.3"))}
      """
    let outcome = Call(input: input).run(plugin)
    #expect(plugin.addresses == ["3.3.3.3"])
    #expect(outcome.text.contains("3.3.3.3"))
  }

  private func decode(_ text: String) throws -> NetworkConfiguration {
    try NetworkConfiguration(parsing: Array(text.utf8))
  }
}
