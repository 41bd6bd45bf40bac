import ArgumentParser
import Bench
import Datapath
import JSON
import Linux

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures between two existing pods, plain and shortened in turn.",
    discussion: """
      For the plain samples both pods are paused: connections made meanwhile are plain TCP, and \
      their other connections take the stack until the next sample. When the command is gone, also \
      after ctrl-C, both pods are resumed. Both must be registered for the shortcut. The suites \
      qperf and redis, whose clients' sockets block, need them annotated "all"; so does http on \
      kernels whose FIONREAD leaves out what nginx counts. Their programs are the node's.

      What takes other pods, or the datapath taken off, is measured by Tests/Bench/run alone, on \
      roads of its own: sidecars, and what everybody else pays.

      A pod is called as 'shortcutctl pods' lists it, NAMESPACE/POD or a container's name, or by its \
      network namespace: a path, or a name in /run/netns. Goals are told as met or missed; they are \
      never a failure.
      """)

  @OptionGroup var location: LocationOptions
  @OptionGroup var plan: BenchOptions

  @Argument(help: "The pod that connects.")
  var client: String

  @Argument(help: "The pod that listens.")
  var server: String

  @Option(help: "Where the server is reached, if not at its own address: a service address.")
  var address: String?

  @Option(help: ArgumentHelp("Cgroup of the client's processes.", valueName: "directory"))
  var clientCgroup: String?

  @Option(help: ArgumentHelp("Cgroup of the server's processes.", valueName: "directory"))
  var serverCgroup: String?

  @Option(
    help: ArgumentHelp("The load generator; default: beside this program.", valueName: "path"))
  var loadGenerator: String?

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let results = try measure()
    if json {
      let document = results.document(kernel: Kernel.release, processors: Kernel.processors)
      print(document.encoded(indented: true))
    } else {
      results.lines.forEach { print($0) }
    }
  }

  private func measure() throws -> Results {
    let registry = try Registry(location.pins)
    var clientEnd = try End(client, in: registry)
    var serverEnd = try End(server, in: registry)
    if let clientCgroup { clientEnd.cgroup = ControlGroup(path: clientCgroup) }
    if let serverCgroup { serverEnd.cgroup = ControlGroup(path: serverCgroup) }
    let program = try Descriptor.open("/proc/self/exe").path() ?? "/proc/self/exe"
    var comparison = try Comparison(
      plan: try plan.plan(), client: clientEnd, server: serverEnd, address: address,
      loadGenerator: loadGenerator ?? sibling("load-generator", of: program), program: program,
      pins: location.pins)
    let isTerminal = isTerminal(2)
    defer { if isTerminal { show("") } }
    return try comparison.run { line in
      if isTerminal { show(line) }
    }
  }

  /// In place of what was shown before.
  private func show(_ line: String) {
    try? writeAll(Array("\r\u{1b}[K\(line)".utf8), to: 2, subject: "stderr")
  }

  private func sibling(_ name: String, of program: String) -> String {
    let directory = program.lastIndex(of: "/").map { program[..<$0] } ?? "."
    return "\(directory)/\(name)"
  }
}
