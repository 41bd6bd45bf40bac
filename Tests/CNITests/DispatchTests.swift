import CNI
import JSON
import Testing

@Suite struct DispatchTests {
  @Test(arguments: [Command.add, .delete, .check, .garbageCollect, .status])
  func commandReachesItsHandlerAlone(_ command: Command) {
    let plugin = RecordingPlugin()
    let outcome = Call(command.rawValue).run(plugin)
    #expect(plugin.calls == [command])
    #expect(outcome.status == 0)
    #expect(outcome.diagnostics == ["\(command.rawValue) done"])
    #expect(outcome.output.isEmpty == (command != .add))
  }

  @Test(
    arguments: ProtocolVersion.allCases,
    [Command.add, .delete, .check, .garbageCollect, .status])
  func commandIsServedSinceItExists(_ version: ProtocolVersion, _ command: Command) {
    let introduced: ProtocolVersion =
      switch command {
      case .check: .v040
      case .garbageCollect, .status: .v110
      default: .v030
      }
    let plugin = RecordingPlugin()
    let input = configuration(version: version.rawValue, prevResult: "{}")
    let outcome = Call(command.rawValue, input: input).run(plugin)
    let isServed = version.rawValue >= introduced.rawValue
    #expect(plugin.calls == (isServed ? [command] : []))
    #expect(outcome.status == (isServed ? 0 : 1))
    #expect(plugin.requests.map(\.version) == (isServed ? [version] : []))
  }

  @Test func versionIsAnsweredWithoutReadingInput() {
    let outcome = CNI.run(
      environment: { $0 == "CNI_COMMAND" ? "VERSION" : $0 == "CNI_IFNAME" ? "a/b" : nil },
      input: unexpectedInput, plugin: RecordingPlugin())
    #expect(
      outcome.text
        == #"{"cniVersion":"1.1.0","supportedVersions":["0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}"#
        + "\n")
    #expect(outcome.status == 0)
  }

  @Test(arguments: [nil, ""])
  func runByHandItTellsWhatItIs(_ command: String?) {
    let outcome = CNI.run(
      environment: { $0 == "CNI_COMMAND" ? command : nil },
      input: unexpectedInput, plugin: RecordingPlugin())
    let lines = [
      "CNI plugin probe v1", "CNI protocol versions supported: 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0",
    ]
    #expect(outcome == Outcome(output: [], diagnostics: lines, status: 0))
  }

  @Test func ownNamespaceIsRefusedBeforeAnyWork() throws {
    let plugin = RecordingPlugin()
    let error = try Call("ADD", ["CNI_NETNS": "/own"]).failure(plugin)
    #expect(error["code"] == 8)
    #expect(error["msg"] == "plugin's netns and netns from CNI_NETNS should not be the same")
    #expect(plugin.calls.isEmpty)
  }

  @Test func ownNamespaceDoesNotKeepRecordsFromBeingRemoved() throws {
    let plugin = RecordingPlugin()
    #expect(try Call("DEL", ["CNI_NETNS": "/own"]).failure(plugin)["code"] == 8)
    #expect(plugin.calls == [.delete])
  }

  @Test func ownNamespaceMayBeChecked() {
    #expect(Call("CHECK", ["CNI_NETNS": "/own"]).run().status == 0)
  }

  @Test(arguments: ["1", "true", "TRUE", "True"])
  func ownNamespaceIsAllowedByOverride(_ value: String) {
    for command in ["ADD", "DEL"] {
      let call = Call(command, ["CNI_NETNS": "/own", "CNI_NETNS_OVERRIDE": value])
      #expect(call.run().status == 0)
    }
  }

  @Test(arguments: ["0", "", "yes", "false"])
  func otherOverrideMeansNothing(_ value: String) {
    let call = Call("ADD", ["CNI_NETNS": "/own", "CNI_NETNS_OVERRIDE": value])
    #expect(call.run().status == 1)
  }

  @Test(arguments: ["", nil])
  func deleteNeedsNoNamespaceAndNoPreviousResult(_ path: String?) {
    let call = Call("DEL", input: #"{"cniVersion":"0.3.1","name":"n"}"#, ["CNI_NETNS": path])
    #expect(call.run().status == 0)
  }

  @Test(arguments: ["null", "7", #""x""#, "[]", #"{"ips":7}"#])
  func previousResultOfAnyShapeDoesNotHinderDelete(_ result: String) {
    #expect(Call("DEL", input: configuration(prevResult: result)).run().status == 0)
  }

  private func unexpectedInput() -> [UInt8] {
    Issue.record("input was read")
    return []
  }
}
