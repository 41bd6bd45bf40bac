private import Agent
public import ArgumentParser
private import Linux

/// `shortcutd`: the node agent.
public struct Shortcutd: ParsableCommand {
  /// Its name.
  public static let configuration = CommandConfiguration(
    commandName: "shortcutd",
    abstract: "Loads the TCP shortcut on this node and stays in the foreground.",
    discussion: "Ends on SIGTERM or SIGINT; the datapath stays, 'shortcutctl unload' removes it.")

  @OptionGroup var options: LoadOptions

  /// For the argument parser.
  public init() {}

  /// Loads and waits.
  public func run() throws {
    let agent = Agent(pins: options.location.pins)
    try agent.run(on: try options.controlGroup(), limits: options.limits) { report in
      // Unbuffered: a supervisor reads it while we run.
      for line in report.lines { try? writeAll(Array("\(line)\n".utf8), to: 1, subject: "stdout") }
    }
  }
}
