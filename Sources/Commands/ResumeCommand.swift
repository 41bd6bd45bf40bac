import ArgumentParser

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Lets paused pods, or the node, use the shortcut again.")

  @OptionGroup var pods: PodOptions

  func run() throws {
    try pods.setPaused(false)
  }
}
