import ArgumentParser
import Datapath
import JSON

struct KernelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Lists what is known to be wrong with some kernels, and where it is mended.",
    discussion: """
      Marked are the faults of the running kernel, if it says which release it is. Exits 0, whether \
      it has some or not.
      """)

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let version = KernelVersion.running
    if json {
      print(document(version).encoded(indented: true))
    } else {
      print("this kernel: \(version?.description ?? "does not say which release it is")")
      KernelFault.all.forEach { print($0.line(version)) }
    }
  }

  private func document(_ version: KernelVersion?) -> JSONValue {
    .object([
      ("kernel", version.map { .string($0.description) } ?? .null),
      ("faults", .array(KernelFault.all.map { $0.document(version) })),
    ])
  }
}

extension KernelFault {
  fileprivate func document(_ version: KernelVersion?) -> JSONValue {
    .object([
      ("reason", .string(reason)),
      ("refused", .bool(weight == .refused)),
      ("mended", .array(fixes.map { .string($0.description) })),
      ("present", .bool(version.map(isPresent) ?? false)),
    ])
  }

  fileprivate func line(_ version: KernelVersion?) -> String {
    let mark = version.map(isPresent) ?? false ? "*" : " "
    return "\(mark) \(reason): mended in \(fixes.map(\.description).joined(separator: ", "))"
  }
}
