public import ArgumentParser

/// `shortcutctl`: what a person or a script does with the datapath of this node.
public struct Shortcutctl: ParsableCommand {
  /// Its name and its verbs.
  public static let configuration = CommandConfiguration(
    commandName: "shortcutctl",
    abstract: "Loads, unloads and shows the TCP shortcut between the pods of this node.",
    subcommands: [
      LoadCommand.self, UnloadCommand.self, StatusCommand.self, ReadyCommand.self,
      PodsCommand.self, ConnectionsCommand.self, TopCommand.self, PauseCommand.self,
      ResumeCommand.self, RevalidateCommand.self, ExplainCommand.self, DoctorCommand.self,
      DoctorGuardianCommand.self, KernelsCommand.self, BenchCommand.self, InstallCommand.self,
      UninstallCommand.self,
    ])

  /// For the argument parser.
  public init() {}
}
