import ArgumentParser
import Datapath
import Programs

struct UnloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unload",
    abstract: "Detaches the datapath and removes everything that was pinned.",
    discussion: "Live connections go on over the stack; no byte is lost.")

  @OptionGroup var location: LocationOptions

  func run() throws {
    let wasLoaded = try Loader(image: .shortcut, pins: location.pins).unload()
    print(wasLoaded ? "unloaded" : "nothing was loaded")
  }
}
