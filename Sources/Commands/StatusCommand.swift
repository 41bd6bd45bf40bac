import ArgumentParser
import Datapath
import JSON

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Shows whether the datapath is loaded and what it has done.")

  @OptionGroup var location: LocationOptions

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let status = try Status(location.pins)
    if json {
      print(status.document.encoded(indented: true))
    } else {
      status.lines.forEach { print($0) }
    }
  }
}
