import ArgumentParser
import Datapath
import Programs

struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Attaches the datapath, unless it is attached already.",
    discussion: """
      The kernel is probed and the programs are tried in a network namespace of their own first; a \
      kernel that lacks something or fails is refused by name. The datapath stays when this command \
      ends; 'unload' removes it.
      """)

  @OptionGroup var options: LoadOptions

  func run() throws {
    let loader = Loader(image: .shortcut, pins: options.location.pins)
    let report = try loader.load(on: try options.controlGroup(), limits: options.limits)
    report.lines.forEach { print($0) }
  }
}
