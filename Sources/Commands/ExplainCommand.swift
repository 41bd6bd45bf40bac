import Agent
import ArgumentParser
import Datapath

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells whether a pod, or a connection between two, may use the shortcut, or why not.",
    discussion: """
      Ends with status 0 if so, else 1. What a connection's sockets and programs are is found out \
      when it is made: what refused connections of this node so far is shown below.
      """)

  @OptionGroup var location: LocationOptions

  @Argument(
    help: ArgumentHelp(
      "One pod or two: NAMESPACE/POD, or a network namespace: a path, or a name in /run/netns.",
      valueName: "pod"))
  var pods: [String]

  func validate() throws {
    guard (1...2).contains(pods.count) else { throw ValidationError("give one pod or two") }
  }

  func run() throws {
    let explanation = try Explanation(of: pods, location.pins)
    explanation.lines.forEach { print($0) }
    guard explanation.obstacles.isEmpty else { throw ExitCode(1) }
  }
}
