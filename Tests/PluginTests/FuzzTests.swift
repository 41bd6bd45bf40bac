import CNI
import JSON
import Linux
import Plugin
import TestSupport
import Testing

/// Texts that broke decoders, where this plugin's own keys and annotations are.
@Suite(.timeLimit(.minutes(5))) struct FuzzTests {
  /// The places of a configuration that the plugin decodes itself.
  private static let keys = [
    "bpffsRoot", "enabled", "sockets", "failurePolicy", "logFile", "annotationPrefix",
  ]
  private static let annotations = [
    "ovn.kubernetes.io/tcp_shortcut", "ovn.kubernetes.io/ingress_rate",
    "x.ovn.kubernetes.io/egress_rate", "ovn.kubernetes.io/latency", "ovn.kubernetes.io/loss",
    "ovn.kubernetes.io/mirror", "kubernetes.io/egress-bandwidth",
  ]
  private static let capabilities = [
    "bandwidth", "cgroupPath", "io.kubernetes.cri.pod-annotations",
  ]

  private static let podNames = [
    "web", "a\nb", "a\u{85}b", "a\u{2028}b", "\u{1b}[2J", "\u{9b}2J", "",
  ]

  @Test func anyTextAsConfigurationIsAnsweredByOneDocument() throws {
    for text in try Self.corpus() {
      for command in CNI.Command.allCases { expectAnswer(command, text) }
    }
  }

  @Test(arguments: 1...4)
  func anyValueOfOurKeysIsAnsweredByOneDocument(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let values = try Self.corpus().map(Self.value)
    for _ in 0..<200 {
      let text = Array(Self.configuration(values, &generator).utf8)
      for command in CNI.Command.allCases { expectAnswer(command, text) }
    }
  }

  private static func corpus() throws -> [[UInt8]] {
    let directory = "\(Products.repository)/Tests/Fuzz/corpus"
    return try names(in: directory).sorted().map { name in
      let file = try Descriptor.open("\(directory)/\(name)")
      return try readAll(from: file.rawValue, subject: name, limit: 1 << 20) ?? []
    }
  }

  /// What a text says, or else a string of it.
  private static func value(_ text: [UInt8]) -> JSONValue {
    (try? JSONValue(parsing: text)) ?? .string(String(decoding: text, as: UTF8.self))
  }

  /// A pod's call with values of the corpus, or such as come near to what is expected, in some places.
  private static func configuration(
    _ values: [JSONValue], _ generator: inout SplitMix
  ) -> String {
    var call = PodCall(version: ProtocolVersion.allCases.randomElement(using: &generator) ?? .v031)
    func any() -> JSONValue {
      let near: [JSONValue] = [
        "true", "all", "false", true, "closed", "/run/\u{85}x\n", "10\u{2028}", "", 0, -1, .null,
      ]
      return (Bool.random(using: &generator) ? near : values).randomElement(using: &generator)
        ?? .null
    }
    func some(_ names: [String]) -> [(String, JSONValue)] {
      names.filter { _ in Bool.random(using: &generator) }.map { ($0, any()) }
    }
    call.settings = some(keys)
    call.annotations =
      Int.random(in: 0..<8, using: &generator) == 0 ? any() : .object(some(annotations))
    call.runtime = some(capabilities)
    return call.configuration
  }

  private func expectAnswer(_ command: CNI.Command, _ text: [UInt8]) {
    let outcome = answer(command, text)
    let input = String(decoding: text, as: UTF8.self)
    #expect(outcome.status == 0 || outcome.status == 1, "\(command) \(input)")
    let printsResult = command == .add || command == .version
    if outcome.status == 1 || printsResult {
      let document = try? JSONValue(parsing: outcome.output)
      #expect(document?.members != nil, "\(command) \(input)")
      #expect(outcome.status == 0 || document?["code"]?.integerValue != nil, "\(command) \(input)")
    } else {
      #expect(outcome.output.isEmpty, "\(command) \(input)")
    }
    #expect(outcome.diagnostics.allSatisfy(isPlain), "\(command) \(input)")
  }

  /// Nothing in it ends a line, or is an order to a terminal.
  private func isPlain(_ line: String) -> Bool {
    line.unicodeScalars.allSatisfy { scalar in
      scalar.properties.generalCategory != .control && !Character(scalar).isNewline
    }
  }

  private func answer(_ command: CNI.Command, _ text: [UInt8]) -> Outcome {
    let variables = PodCall().variables.merging([
      "CNI_COMMAND": command.rawValue,
      "CNI_ARGS": "K8S_POD_NAME=\(Self.podNames[text.count % Self.podNames.count])",
    ]) { $1 }
    let plugin = ShortcutPlugin(node: FakeNode())
    return CNI.run(environment: { variables[$0] }, input: { text }, plugin: plugin)
  }
}

/// The same numbers every time: SplitMix64.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
