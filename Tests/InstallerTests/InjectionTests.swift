import Linux
import TestSupport
import Testing

/// What happens to an installer at each of its system calls that change something.
@Suite(.timeLimit(.minutes(5))) struct InjectionTests {
  private static let name = "01-kube-ovn.conflist"
  private static let calls = [
    "write", "fsync", "fchmod", "fchown", "rename", "renameat2", "unlink", "flock",
  ]

  /// The command with a fault at one call; nil when it makes fewer of them.
  private func run(
    _ verb: String, _ arguments: [String], fault: String, call: String, number: Int,
    on node: ScratchNode
  ) async throws -> Completion? {
    let command = node.command(verb, arguments)
    let trace = "\(node.directory)/trace"
    let options = [
      "-f", "-o", trace, "-e", "trace=\(call)", "-e", "inject=\(call):\(fault):when=\(number)",
    ]
    let completion = try await Command("strace", options + [command.program] + command.arguments)
      .run()
    let isHit = try completion.end == .signaled(9) || readText(trace).contains("(INJECTED)")
    return isHit ? completion : nil
  }

  /// Brings the node into the state before a verb.
  private func prepare(_ node: ScratchNode, for verb: String) async throws {
    if verb == "install-cni" {
      #expect(try await node.uninstall("--purge").isSuccess)
    } else {
      #expect(try await node.install().isSuccess)
    }
  }

  @Test(arguments: ["install-cni", "uninstall-cni"], ["signal=KILL", "error=EIO", "error=ENOSPC"])
  func everyCallMayFailOrBeTheLast(verb: String, fault: String) async throws {
    let arguments = verb == "install-cni" ? [] : ["--purge", "--wait", "0"]
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      let with = try added(to: Samples.kubeOVN)
      var hits = 0
      for call in Self.calls {
        for number in 1..<20 {
          try await prepare(node, for: verb)
          guard
            let completion = try await run(
              verb, arguments, fault: fault, call: call, number: number, on: node)
          else { break }
          hits += 1
          let text = try node.read(Self.name)
          let place = "\(call) \(number): \(completion)"
          #expect(text == Samples.kubeOVN || text == with, "\(place)")
          // A list that names the executable is never without it.
          #expect(text == Samples.kubeOVN || exists(node.executable), "\(place)")
          guard completion.end != .signaled(9), call != "unlink" else { continue }
          let rest = try node.files().filter { $0 != Self.name && $0 != "shortcut-cni" }
          #expect(rest.isEmpty, "\(place)")
        }
      }
      #expect(hits > 5)
      #expect(try await node.install().isSuccess)
      #expect(try node.files() == [Self.name, "shortcut-cni"])
    }
  }

  /// File systems without `RENAME_EXCHANGE` get a rename.
  @Test func withoutExchangeTheFileIsReplacedAllTheSame() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      for verb in ["install-cni", "uninstall-cni"] {
        let completion = try await run(
          verb, verb == "install-cni" ? [] : ["--wait", "0"], fault: "error=EINVAL",
          call: "renameat2", number: 1, on: node)
        #expect(completion?.isSuccess == true, "\(String(describing: completion))")
        let text = try node.read(Self.name)
        #expect(
          try text == (verb == "install-cni" ? added(to: Samples.kubeOVN) : Samples.kubeOVN))
      }
      #expect(try node.files() == [Self.name, "shortcut-cni"])
    }
  }
}
