private import Agent
public import ArgumentParser
private import Linux

/// `shortcutd`: the node agent.
public struct Shortcutd: ParsableCommand {
  /// Its name.
  public static let configuration = CommandConfiguration(
    commandName: "shortcutd",
    abstract: "Loads the TCP shortcut on this node, and keeps it agreeing with Open vSwitch.",
    discussion: """
      Pods whose traffic is shaped or mirrored are held off the shortcut; when flows change, live \
      connections show over the stack that they still pass; pods that are older than the plugin are \
      adopted. Ends on SIGTERM or SIGINT; the datapath stays, 'shortcutctl unload' removes it.

      The configuration file is a JSON object of the flags below: {"maxPods": 100} is \
      --max-pods 100. Flags given here come before it. SIGHUP reads it again; what 'load' takes \
      counts when the datapath is next loaded.
      """)

  @Option(
    help: ArgumentHelp(
      "Configuration file (default: \(ConfigurationFile.standard), if it is there).",
      valueName: "path"))
  var config: String?

  @OptionGroup var agent: AgentOptions
  @OptionGroup var options: LoadOptions

  /// For the argument parser.
  public init() {}

  /// Runs with the flags of this process and those of the configuration file.
  public func run() throws {
    let given = Array(CommandLine.arguments.dropFirst())
    let whole = try Self.merged(given, with: file)
    let reload: () -> Result<Settings, AgentError> = {
      do {
        return .success(try Self.merged(given, with: file).settings)
      } catch let error as AgentError {
        return .failure(error)
      } catch {
        return .failure(file.fault(Self.message(for: error)))
      }
    }
    let daemon = Agent(whole.settings, log: say, reload: reload)
    try daemon.run(on: try whole.options.controlGroup(), limits: whole.options.limits) { report in
      report.lines.forEach(say)
    }
  }

  private var file: ConfigurationFile {
    ConfigurationFile(path: config ?? ConfigurationFile.standard, isRequired: config != nil)
  }

  /// The same command with the flags of the file added.
  private static func merged(
    _ given: [String], with file: ConfigurationFile
  ) throws -> Shortcutd {
    try parse(try file.arguments(without: given) + given)
  }

  private var settings: Settings {
    var settings = Settings(pins: options.location.pins)
    agent.apply(to: &settings)
    return settings
  }
}

/// Unbuffered: a supervisor reads it while we run.
private func say(_ line: String) {
  _ = try? writeAll(Array("\(line)\n".utf8), to: 1, subject: "stdout")
}
