import ArgumentParser
import Datapath
private import Linux

struct ReadyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ready",
    abstract: "Tells by its exit status whether the datapath is attached: for probes and scripts.",
    discussion: "Exits 0 if it is attached to a cgroup that is there, else 1, and says which.")

  @OptionGroup var location: LocationOptions

  func run() throws {
    let status = try Status(location.pins)
    guard status.isLoaded else {
      print("not ready: \(status.state.summary); pins \(location.pins.path)")
      throw ExitCode.failure
    }
    print("ready: attached to \(status.cgroup?.path ?? "a cgroup that cannot be named")")
  }
}
