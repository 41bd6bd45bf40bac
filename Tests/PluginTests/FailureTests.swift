import CNI
import Datapath
import JSON
import Plugin
import Testing

@Suite struct FailureTests {
  /// errno, the runtime's code under "closed", and what the line tells to do.
  static let datapathFailures: [(CInt, Int64, String)] = [
    (2, 100, "run \"shortcutctl load\""), (71, 100, "unload the other release"),
    (7, 102, "larger --max-pods"), (12, 102, "larger --max-pods"), (1, 101, "CAP_BPF"),
    (36, 101, "see \"shortcutctl status\""),
  ]

  @Test(arguments: datapathFailures)
  func datapathFailureDoesNotKeepThePodFromStarting(
    errno: CInt, code: Int64, advice: String
  ) throws {
    let (node, error) = failingNode(errno)
    let call = PodCall(settings: [("logFile", "/var/log/shortcut.log")])
    let outcome = call.run(on: node)
    #expect(outcome.status == 0)
    #expect(outcome.text == call.previousResult)
    try #require(outcome.diagnostics.count == 1)
    let line = outcome.diagnostics[0]
    #expect(
      line.hasPrefix(
        "shortcut-cni: pod shop/web-0 container c0ffee interface eth0: not accelerated: \(error)"))
    #expect(line.contains(advice))
    let logged = try #require(node.log["/var/log/shortcut.log"])
    #expect(logged.count == 1)
    #expect(logged[0].hasSuffix("Z \(line)"))
  }

  @Test(arguments: datapathFailures)
  func datapathFailureIsTheRuntimesUnderClosed(errno: CInt, code: Int64, advice: String) throws {
    let (node, error) = failingNode(errno)
    let call = PodCall(settings: [
      ("failurePolicy", "closed"), ("logFile", "/var/log/shortcut.log"),
    ])
    let document = try call.run(on: node).error
    #expect(document["code"] == .integer(code))
    #expect(
      document["msg"] == "pod shop/web-0 container c0ffee interface eth0: not accelerated")
    let details = try #require(document["details"]?.stringValue)
    #expect(details.hasPrefix(error.description))
    #expect(details.contains(advice))
    #expect(node.log["/var/log/shortcut.log"]?.count == 1)
  }

  @Test func adviceNamesTheRootThatIsConfigured() {
    let call = PodCall(settings: [("bpffsRoot", "/run/bpf/x")])
    let outcome = call.run(on: failingNode(2).node)
    #expect(
      outcome.diagnostics.first?.contains("shortcutctl load --bpffs-root /run/bpf/x") == true)
  }

  @Test func unusableNamespaceIsAFailureOfOurs() throws {
    var call = PodCall()
    call.variables["CNI_NETNS"] = "/gone"
    let outcome = call.run(on: FakeNode())
    #expect(outcome.text == call.previousResult)
    #expect(outcome.diagnostics.first?.contains("open network namespace /gone") == true)
    call.settings = [("failurePolicy", "closed")]
    #expect(try call.run(on: FakeNode()).error["code"] == 103)
  }

  @Test func nameBeyondTheMapsLimitIsAFailureOfOurs() throws {
    var call = PodCall()
    call.variables["CNI_CONTAINERID"] = String(repeating: "x", count: 300)
    let outcome = call.run(on: FakeNode())
    #expect(outcome.text == call.previousResult)
    #expect(outcome.diagnostics.count == 1)
    call.settings = [("failurePolicy", "closed")]
    #expect(try call.run(on: FakeNode()).error["code"] == 101)
  }

  static let meaningless: [(String, JSONValue)] = [
    ("enabled", "yes"), ("enabled", 1), ("sockets", "both"), ("sockets", true),
    ("failurePolicy", "ajar"), ("failurePolicy", false), ("bpffsRoot", "relative"),
    ("bpffsRoot", 7), ("logFile", "relative"), ("annotationPrefix", 1), ("crossVpc", "never"),
  ]

  @Test(arguments: meaningless)
  func meaninglessSettingIsAWarning(key: String, value: JSONValue) throws {
    let call = PodCall(
      settings: [(key, value)], annotations: ["ovn.kubernetes.io/tcp_shortcut": "all"])
    try expectWarning(call, naming: "\(key): expected", value)
  }

  @Test(arguments: meaningless.filter { $0.0 != "failurePolicy" })
  func meaninglessSettingIsAnErrorUnderClosed(key: String, value: JSONValue) throws {
    let node = FakeNode()
    let call = PodCall(settings: [(key, value), ("failurePolicy", "closed")])
    let error = try call.run(on: node).error
    #expect(error["code"] == 7)
    #expect(error["details"]?.stringValue?.hasPrefix("\(key): expected ") == true)
    #expect(node.registrations.isEmpty)
  }

  static let annotationValues: [JSONValue] = ["yes", "", "TRUE", true, nil, 1]

  @Test(arguments: annotationValues)
  func meaninglessAnnotationIsAWarning(_ value: JSONValue) throws {
    let call = PodCall(annotations: ["ovn.kubernetes.io/tcp_shortcut": value])
    try expectWarning(call, naming: "annotation ovn.kubernetes.io/tcp_shortcut: expected", value)
  }

  @Test(arguments: annotationValues)
  func meaninglessAnnotationIsAnErrorUnderClosed(_ value: JSONValue) throws {
    let call = PodCall(
      settings: [("failurePolicy", "closed")],
      annotations: ["ovn.kubernetes.io/tcp_shortcut": value])
    #expect(try call.run(on: FakeNode()).error["code"] == 7)
  }

  @Test func podThatTakesNoPartNeedsNoDatapath() {
    for policy in ["open", "closed"] {
      let call = PodCall(settings: [("enabled", false), ("failurePolicy", .string(policy))])
      let outcome = call.run(on: failingNode(2).node)
      #expect(outcome == Outcome(output: Array(call.previousResult.utf8)))
    }
  }

  @Test func lineIsOneLineWhateverThePodSays() {
    let call = PodCall(annotations: ["ovn.kubernetes.io/tcp_shortcut": "a\nb"])
    var other = call
    other.variables["CNI_ARGS"] = "K8S_POD_NAME=x\ny"
    for call in [call, other] {
      let lines = call.run(on: FakeNode()).diagnostics
      #expect(lines.count == 1)
      #expect(lines.first?.contains("\n") == false)
    }
  }

  /// podman tells the name of a container, and no namespace.
  @Test func containerWithoutNamespaceIsCalledByItsName() {
    var call = PodCall(annotations: ["ovn.kubernetes.io/tcp_shortcut": "maybe"])
    call.variables["CNI_ARGS"] = "IgnoreUnknown=1;K8S_POD_NAME=one"
    let lines = call.run(on: FakeNode()).diagnostics
    #expect(lines.first?.hasPrefix("shortcut-cni: pod one container ") == true, "\(lines)")
  }

  private func expectWarning(_ call: PodCall, naming name: String, _ value: JSONValue) throws {
    let node = FakeNode()
    let outcome = call.run(on: node)
    #expect(outcome.text == call.previousResult)
    try #require(outcome.diagnostics.count == 1)
    #expect(outcome.diagnostics[0].contains(name))
    #expect(outcome.diagnostics[0].contains("found \(value.encoded(indented: false))"))
    #expect(node.registrations[try call.key]?.isDisabled == true)
  }

  private func failingNode(_ errno: CInt) -> (node: FakeNode, error: DatapathError) {
    let node = FakeNode()
    let error = DatapathError(operation: "bpf_obj_get", subject: "/x/attachments", code: errno)
    node.datapathFailure = error
    return (node, error)
  }
}
