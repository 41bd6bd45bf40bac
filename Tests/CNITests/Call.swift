import CNI
import JSON

/// One call of a plugin, complete unless a test takes something away.
struct Call {
  var environment = [
    "CNI_COMMAND": "ADD", "CNI_CONTAINERID": "c0ffee", "CNI_NETNS": "/run/netns/pod",
    "CNI_IFNAME": "eth0", "CNI_PATH": "/opt/cni/bin",
  ]
  var input = #"{"cniVersion":"1.1.0","name":"net","prevResult":{}}"#

  init(_ command: String = "ADD", input: String? = nil, _ changes: [String: String?] = [:]) {
    environment["CNI_COMMAND"] = command
    for (name, value) in changes { environment[name] = value }
    self.input = input ?? self.input
  }

  func run(_ plugin: RecordingPlugin = RecordingPlugin()) -> Outcome {
    let text = Array(input.utf8)
    return CNI.run(environment: { environment[$0] }, input: { text }, plugin: plugin)
  }

  /// The error document of a call that must fail.
  func failure(_ plugin: RecordingPlugin = RecordingPlugin()) throws -> JSONValue {
    let outcome = run(plugin)
    return outcome.status == 1 ? try JSONValue(parsing: outcome.output) : .null
  }
}

extension Outcome {
  var text: String {
    String(decoding: output, as: UTF8.self)
  }
}

/// A configuration with a previous result.
func configuration(version: String = "1.1.0", prevResult: String) -> String {
  #"{"cniVersion":"\#(version)","name":"net","prevResult":\#(prevResult)}"#
}
