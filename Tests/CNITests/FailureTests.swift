import CNI
import JSON
import Testing

/// What the reference implementation answers to unusable input, word for word.
@Suite struct FailureTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let call: Call
    let code: Int64
    let message: String
    let details: String?

    init(_ call: Call, _ code: Int64, _ message: String, _ details: String? = nil) {
      self.call = call
      self.code = code
      self.message = message
      self.details = details
    }

    var testDescription: String { "\(call.environment["CNI_COMMAND"] ?? ""): \(message)" }
  }

  private static let nothing: [String: String?] = [
    "CNI_CONTAINERID": nil, "CNI_NETNS": nil, "CNI_IFNAME": nil, "CNI_PATH": nil,
  ]

  static let environmentCases = [
    Case(Call("add"), 4, "unknown CNI_COMMAND: add"),
    Case(Call("NOPE", nothing), 4, "unknown CNI_COMMAND: NOPE"),
    Case(
      Call("NOPE", input: ""), 6,
      "error unmarshall network config: unexpected end of JSON input"),
    Case(
      Call("ADD", nothing), 4,
      "required env variables [CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH] missing"),
    Case(
      Call("DEL", nothing), 4,
      "required env variables [CNI_CONTAINERID,CNI_IFNAME,CNI_PATH] missing"),
    Case(
      Call("CHECK", nothing), 4,
      "required env variables [CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH] missing"),
    Case(Call("GC", nothing), 4, "required env variables [CNI_PATH] missing"),
    Case(Call("STATUS", nothing), 4, "required env variables [CNI_PATH] missing"),
    Case(
      Call("ADD", ["CNI_NETNS": ""]), 4, "required env variables [CNI_NETNS] missing"),
    Case(
      Call("ADD", ["CNI_CONTAINERID": "a/b"]), 4, "invalid characters in containerID", "a/b"),
    Case(
      Call("DEL", ["CNI_CONTAINERID": "a/b"]), 4, "invalid characters in containerID", "a/b"),
    Case(
      Call("ADD", ["CNI_CONTAINERID": "ab\n"]), 4, "invalid characters in containerID", "ab\n"),
    Case(
      Call("ADD", ["CNI_CONTAINERID": "-ab"]), 4, "invalid characters in containerID", "-ab"),
    Case(Call("ADD", ["CNI_CONTAINERID": "é"]), 4, "invalid characters in containerID", "é"),
    Case(
      Call("ADD", ["CNI_CONTAINERID": "a/b", "CNI_NETNS": nil]), 4,
      "invalid characters in containerID", "a/b"),
    Case(
      Call("ADD", ["CNI_IFNAME": "sixteen-bytes-ab"]), 4, "interface name is too long",
      "interface name should be less than 16 characters"),
    Case(
      Call("ADD", ["CNI_IFNAME": "ééééééé12"]), 4, "interface name is too long",
      "interface name should be less than 16 characters"),
    Case(Call("ADD", ["CNI_IFNAME": "."]), 4, "interface name is . or .."),
    Case(Call("DEL", ["CNI_IFNAME": ".."]), 4, "interface name is . or .."),
    Case(Call("ADD", ["CNI_IFNAME": "a/b"]), 4, unclean),
    Case(Call("ADD", ["CNI_IFNAME": "a:b"]), 4, unclean),
    Case(Call("ADD", ["CNI_IFNAME": "a b"]), 4, unclean),
    Case(Call("ADD", ["CNI_IFNAME": "a\u{a0}b"]), 4, unclean),
  ]

  private static let unclean = "interface name contains / or : or whitespace characters"

  static let inputCases = [
    Case(Call(input: ""), 6, "error unmarshall network config: unexpected end of JSON input"),
    Case(Call(input: "{"), 6, "error unmarshall network config: unexpected end of JSON input"),
    Case(
      Call(input: "[]"), 6,
      "error unmarshall network config: json: cannot unmarshal array into Go value of type "
        + #"struct { Name string "json:\"name\"" }"#),
    Case(
      Call(input: "true"), 6,
      "error unmarshall network config: json: cannot unmarshal bool into Go value of type "
        + #"struct { Name string "json:\"name\"" }"#),
    Case(
      Call(input: "{}x"), 6,
      "error unmarshall network config: invalid character 'x' after top-level value"),
    Case(
      Call(input: #"{"name":1}"#), 6,
      "error unmarshall network config: json: cannot unmarshal number into Go struct field .name "
        + "of type string"),
    Case(Call(input: "null"), 7, "missing network name"),
    Case(Call(input: "{}"), 7, "missing network name"),
    Case(Call(input: #"{"name":null}"#), 7, "missing network name"),
    Case(
      Call(input: #"{"name":"a/b"}"#), 7, "invalid characters found in network name", "a/b"),
    Case(
      Call(input: #"{"name":"n","cniVersion":1}"#), 6,
      "decoding version from network config: json: cannot unmarshal number into Go struct field "
        + ".cniVersion of type string"),
    Case(
      Call(input: #"{"name":"n","cniVersion":"1.1.0"}"#), 7, "must be called as chained plugin"),
    Case(
      Call(input: configuration(prevResult: "null")), 7, "must be called as chained plugin"),
    Case(
      Call(input: configuration(prevResult: #""x""#)), 999,
      "failed to parse network configuration: json: cannot unmarshal string into Go struct field "
        + "PluginConf.prevResult of type map[string]interface {}"),
    Case(garbage(#""x""#), 7, "invalid cni.dev/attachments", "expected array, found string"),
    Case(
      garbage(#"[{"containerID":"c"}]"#), 7, "invalid cni.dev/attachments",
      #"expected containerID and ifname, found {"containerID":"c"}"#),
  ]

  static let versionCases =
    ["0.1.0", "0.2.0", "1.2.0", "1.1", "v1.0.0", "", " 1.0.0"].map { version in
      Case(
        Call(input: configuration(version: version, prevResult: "{}")), 1,
        "incompatible CNI versions",
        "config is \"\(version.isEmpty ? "0.1.0" : version)\", plugin supports "
          + #"["0.3.0" "0.3.1" "0.4.0" "1.0.0" "1.1.0"]"#)
    } + [
      Case(check("0.3.1"), 1, "config version does not allow CHECK"),
      Case(Call("CHECK", input: #"{"name":"n"}"#), 1, "config version does not allow CHECK"),
      Case(
        check("abc"), 6,
        #"failed to convert major version part "abc": strconv.Atoi: parsing "abc": invalid syntax"#),
      Case(
        check("1.x"), 6,
        #"failed to convert minor version part "x": strconv.Atoi: parsing "x": invalid syntax"#),
      Case(check("1.0.0.0"), 6, #"invalid version "1.0.0.0": too many parts"#),
      Case(check("2.0.0"), 1, "plugin version does not allow CHECK"),
      Case(
        check("0.4.1"), 1, "incompatible CNI versions",
        #"config is "0.4.1", plugin supports ["0.3.0" "0.3.1" "0.4.0" "1.0.0" "1.1.0"]"#),
      Case(
        Call("GC", input: configuration(version: "1.0.0", prevResult: "{}")), 1,
        "config version does not allow GC"),
      Case(
        Call("STATUS", input: configuration(version: "1.0.0", prevResult: "{}")), 1,
        "config version does not allow STATUS"),
    ]

  private static func garbage(_ attachments: String) -> Call {
    Call("GC", input: #"{"cniVersion":"1.1.0","name":"n","cni.dev/attachments":\#(attachments)}"#)
  }

  private static func check(_ version: String) -> Call {
    Call("CHECK", input: configuration(version: version, prevResult: "{}"))
  }

  @Test(arguments: environmentCases + inputCases + versionCases)
  func unusableCallIsAnsweredAsByTheReference(_ test: Case) throws {
    let plugin = RecordingPlugin()
    let error = try test.call.failure(plugin)
    #expect(error["code"] == .integer(test.code))
    #expect(error["msg"] == .string(test.message))
    #expect(error["details"]?.stringValue == test.details)
    #expect(plugin.calls.isEmpty)
  }

  @Test func errorDocumentCarriesTheVersion() {
    let error = CNIError(code: .init(rawValue: 100), message: "no", details: "why \"so\"")
    let call = Call(input: configuration(version: "0.4.0", prevResult: "{}"))
    let text = """
      {
          "cniVersion": "0.4.0",
          "code": 100,
          "msg": "no",
          "details": "why \\"so\\""
      }
      """
    let outcome = call.run(RecordingPlugin(failure: error))
    #expect(outcome == Outcome(output: Array(text.utf8), diagnostics: [], status: 1))
  }

  @Test func errorBeforeTheVersionIsKnownCarriesTheLatest() throws {
    #expect(try Call(input: "{").failure()["cniVersion"] == "1.1.0")
    #expect(try Call("ADD", Self.nothing).failure()["cniVersion"] == "1.1.0")
  }

  @Test func inputThatCannotBeReadIsPassedOn() {
    let call = Call()
    let outcome = CNI.run(
      environment: { call.environment[$0] },
      input: { () throws(CNIError) in throw CNIError(code: .inputOutput, message: "broken") },
      plugin: RecordingPlugin())
    #expect(outcome.status == 1)
    #expect(outcome.text.contains(#""msg": "broken""#))
  }
}
