import ArgumentParser
import Datapath
import Linux

/// What is loaded, and onto what.
struct LoadOptions: ParsableArguments {
  @OptionGroup var location: LocationOptions

  @Option(
    help: ArgumentHelp(
      "Cgroup (version 2) whose sockets may take part, with all below it. Default: the root of the "
        + "cgroup2 hierarchy found in the mount table.", valueName: "directory"))
  var cgroup: String?

  @Option(help: "Pods that can be registered at once.")
  var maxPods = Limits().pods

  @Option(help: "Connections that can use the shortcut at once.")
  var maxConnections = Limits().connections

  @Option(help: "Bytes that may wait in one direction of a connection.")
  var queueBytes = Limits().queueBytes

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Programs that splice(2) from sockets, by name: their connections stay plain.",
      valueName: "name"))
  var splicingPrograms = Limits().splicingPrograms

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Programs that trust FIONREAD on edge-triggered sockets, by name: on kernels that count "
        + "wrongly their connections stay plain.", valueName: "name"))
  var countingPrograms = Limits().countingPrograms

  @Flag(
    help: ArgumentHelp(
      "Pair every connection, even where those before it were too short to gain."))
  var pairShortLived = false

  @Flag(
    help: ArgumentHelp(
      "Let TLS take the shortcut on a kernel that has its module tls, too. By default it stays plain "
        + "there, for programs may hand such connections to the kernel (kTLS)."))
  var shortenTLS = false

  func validate() throws {
    try check("--max-pods", maxPods, in: 1...1_000_000)
    try check("--max-connections", maxConnections, in: 1...8_000_000)
    try check("--queue-bytes", queueBytes, in: 65536...(256 << 20))
    try check(
      "--splicing-programs and --counting-programs",
      splicingPrograms.count + countingPrograms.count, in: 0...Limits.programsMax)
  }

  private func check(_ flag: String, _ value: Int, in range: ClosedRange<Int>) throws {
    guard !range.contains(value) else { return }
    throw ValidationError("\(flag) \(value): give \(range.lowerBound) to \(range.upperBound)")
  }

  var limits: Limits {
    var limits = Limits()
    limits.pods = maxPods
    limits.connections = maxConnections
    limits.queueBytes = queueBytes
    limits.splicingPrograms = splicingPrograms
    limits.countingPrograms = countingPrograms
    limits.pairsShortLived = pairShortLived
    limits.shortensTLS = shortenTLS
    return limits
  }

  func controlGroup() throws -> ControlGroup {
    try cgroup.map { ControlGroup(path: $0) } ?? ControlGroup.root()
  }
}
