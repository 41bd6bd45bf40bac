import CNI
import JSON
import Testing

@Suite struct PreviousResultTests {
  @Test(arguments: ProtocolVersion.allCases)
  func resultIsPrintedAsReceived(_ version: ProtocolVersion) {
    let result = """
      { "unknown" : [1.50, 1e3, 123456789012345678901234567890] ,
        "cniVersion":"\(version.rawValue)", "ips":[{"address":"10.0.0.2\\u002f24","interface":-1}],
        "interfaces":[{"name":"eth0","mtu":1400}], "dns":{}, "routes":[{"dst":"0.0.0.0/0","table":0}] }
      """
    let input = configuration(version: version.rawValue, prevResult: "  \(result)\n")
    #expect(Call(input: input).run().text == result)
  }

  @Test(arguments: [#"{}"#, #"{"cniVersion":null}"#, #"{"cniVersion":""}"#, #"{"CNIVersion":7}"#])
  func missingVersionIsTheConfigurations(_ result: String) {
    let input = configuration(version: "0.4.0", prevResult: result)
    #expect(Call(input: input).run().text == #"{"cniVersion":"0.4.0"}"#)
  }

  @Test func settingTheVersionKeepsTheRest() {
    let result = #"{"ips": [ {"address":"10.0.0.2/24","x":1.50} ],"z":1e3}"#
    let printed = Call(input: configuration(version: "1.0.0", prevResult: result)).run().text
    #expect(
      printed == #"{"cniVersion":"1.0.0","ips":[ {"address":"10.0.0.2/24","x":1.50} ],"z":1e3}"#)
  }

  @Test(arguments: ["0.3.0", "0.3.1", "0.4.0"], ["1.0.0", "1.1.0"])
  func laterResultIsConvertedToEarlierForm(earlier: String, later: String) {
    let result = """
      {"cniVersion":"\(later)",\
      "interfaces":[{"name":"eth0","mtu":1400,"socketPath":"/s","pciID":"p"}],\
      "ips":[{"interface":0,"address":"10.0.0.2/24"},{"address":"fd00::2/64"},\
      {"address":"::ffff:10.0.0.3/120"}],"routes":[{"dst":"0.0.0.0/0","mtu":1.50}]}
      """
    let converted = """
      {"cniVersion":"\(earlier)","interfaces":[{"name":"eth0"}],\
      "ips":[{"version":"4","interface":0,"address":"10.0.0.2/24"},\
      {"version":"6","address":"fd00::2/64"},{"version":"4","address":"::ffff:10.0.0.3/120"}],\
      "routes":[{"dst":"0.0.0.0/0","mtu":1.50}]}
      """
    let call = Call(input: configuration(version: earlier, prevResult: result))
    #expect(call.run().text == converted)
  }

  @Test(arguments: ["0.3.0", "0.3.1", "0.4.0"], ["1.0.0", "1.1.0"])
  func earlierResultIsConvertedToLaterForm(earlier: String, later: String) {
    let result = #"""
      {"cniVersion":"\#(earlier)","interfaces":[{"name":"eth0","sandbox":"/n"}],\#
      "ips":[{"version":"6","interface":0,"address":"fd00::2/64"}],"dns":{}}
      """#
    let converted = #"""
      {"cniVersion":"\#(later)","interfaces":[{"name":"eth0","sandbox":"/n"}],\#
      "ips":[{"interface":0,"address":"fd00::2/64"}],"dns":{}}
      """#
    let call = Call(input: configuration(version: later, prevResult: result))
    #expect(call.run().text == converted)
  }

  @Test func resultOfAnotherAgeIsPrintedAsReceived() {
    let result = #"{"cniVersion":"0.2.0","ip4":{"ip":"10.0.0.2/24"}}"#
    #expect(Call(input: configuration(prevResult: result)).run().text == result)
  }

  @Test(arguments: [
    (#"{"ips":[{"version":"4","address":"10.0.0.2/24","interface":0}]}"#, ["10.0.0.2"]),
    (#"{"ips":[{"address":"10.0.0.2/24"},{"address":"fd00::2/64"}]}"#, ["10.0.0.2", "fd00::2"]),
    (#"{"ips":[{"address":"10.0.0.2","interface":-1}]}"#, ["10.0.0.2"]),
    (#"{"ips":[{"address":7},7,null,{},{"address":"fd00::2/64","interface":99}]}"#, ["fd00::2"]),
    (#"{"ips":[{"address":""}]}"#, [""]),
    (#"{"ips":null}"#, []), (#"{"ips":{}}"#, []), ("{}", []),
  ])
  func addressesAreFoundInAnyShape(result: String, addresses: [String]) {
    let plugin = RecordingPlugin()
    #expect(Call(input: configuration(prevResult: result)).run(plugin).status == 0)
    #expect(plugin.addresses == addresses)
  }
}
