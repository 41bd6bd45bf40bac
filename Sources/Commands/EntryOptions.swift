import ArgumentParser
import Installer
import JSON

/// What the entry in the network list says, where it shall not be the default.
struct EntryOptions: ParsableArguments {
  @Option(
    name: .customLong("bpffs-root"),
    help: ArgumentHelp("Where 'load' pins the datapath.", valueName: "directory"))
  var root: String?

  @Option(
    help: ArgumentHelp(
      "Sockets that take part: nonblocking, or all, which is the word of whoever runs the pods.",
      valueName: "which"))
  var sockets: String?

  @Option(
    help: ArgumentHelp(
      "Whether pods without the annotation take part: true or false.", valueName: "bool"))
  var enabled: Bool?

  @Option(
    help: ArgumentHelp(
      "open: a pod that cannot be registered starts all the same; closed: it does not.",
      valueName: "policy"))
  var failurePolicy: String?

  @Option(help: ArgumentHelp("File that gets the plugin's messages.", valueName: "path"))
  var logFile: String?

  @Option(help: ArgumentHelp("Prefix of the pods' annotation.", valueName: "prefix"))
  var annotationPrefix: String?

  @Option(
    help: ArgumentHelp(
      "same: pods of two VPCs are never paired; allow: they are where the network lets them talk.",
      valueName: "which"))
  var crossVpc: String?

  var entry: Entry {
    let settings: [(String, JSONValue?)] = [
      ("bpffsRoot", root.map { .string($0) }), ("enabled", enabled.map { .bool($0) }),
      ("sockets", sockets.map { .string($0) }),
      ("failurePolicy", failurePolicy.map { .string($0) }),
      ("logFile", logFile.map { .string($0) }),
      ("annotationPrefix", annotationPrefix.map { .string($0) }),
      ("crossVpc", crossVpc.map { .string($0) }),
    ]
    return Entry(settings: settings.compactMap { key, value in value.map { (key, $0) } })
  }

  func validate() throws {
    try check("--sockets", sockets, ["nonblocking", "all"])
    try check("--failure-policy", failurePolicy, ["open", "closed"])
    try check("--cross-vpc", crossVpc, ["same", "allow"])
    for (option, path) in [("--bpffs-root", root), ("--log-file", logFile)] {
      guard let path, !path.hasPrefix("/") else { continue }
      throw ValidationError("\(option) \(path): give an absolute path")
    }
  }

  private func check(_ option: String, _ value: String?, _ allowed: [String]) throws {
    guard let value, !allowed.contains(value) else { return }
    throw ValidationError("\(option) \(value): give \(allowed.joined(separator: " or "))")
  }
}
