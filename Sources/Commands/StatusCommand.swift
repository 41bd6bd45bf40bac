import Agent
import ArgumentParser
import Datapath
import JSON

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows on one screen whether the datapath is loaded, what it does, and why not more.",
    discussion: """
      'live' counts the connections of this moment; 'connections' lists them. All other figures are \
      those since the datapath was loaded.
      """)

  @OptionGroup var location: LocationOptions

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let overview = try Overview(location.pins)
    let agent = AgentReport.fetch(for: location.pins)
    if json {
      let members = (overview.document.members ?? []) + [("agent", agent ?? .null)]
      print(JSONValue.object(members).encoded(indented: true))
    } else {
      (overview.lines + AgentReport.lines(of: agent)).forEach { print($0) }
    }
  }
}
