import Agent
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
    let agent = AgentReport.fetch(for: location.pins)
    if json {
      let members = (status.document.members ?? []) + [("agent", agent ?? .null)]
      print(JSONValue.object(members).encoded(indented: true))
    } else {
      (status.lines + AgentReport.lines(of: agent)).forEach { print($0) }
    }
  }
}
