import ArgumentParser

struct PauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Keeps pods, or the node, off the shortcut until they are resumed.",
    discussion: """
      Live connections take the stack from their next message on; those made while a pod is paused \
      stay plain TCP for good.
      """)

  @OptionGroup var pods: PodOptions

  func run() throws {
    try pods.setPaused(true)
  }
}
