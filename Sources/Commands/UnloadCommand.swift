import Agent
import ArgumentParser
import Datapath
import JSON
import Programs

struct UnloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unload",
    abstract: "Detaches the datapath and removes everything that was pinned.",
    discussion: "Live connections go on over the stack; no byte is lost.")

  @OptionGroup var location: LocationOptions

  func run() throws {
    // Without pins only the agent knows what is attached.
    let held = AgentReport.fetch(for: location.pins)?["link"]?.integerValue
    let loader = Loader(image: .shortcut, pins: location.pins)
    let wasLoaded = try loader.unload(held: held.map { UInt32(truncatingIfNeeded: $0) })
    print(wasLoaded ? "unloaded" : "nothing was loaded")
  }
}
