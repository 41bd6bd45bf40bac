import ArgumentParser
import Bench
import Datapath

/// Pods that a command is applied to, or the node.
struct PodOptions: ParsableArguments {
  @OptionGroup var location: LocationOptions

  @Flag(help: "The whole node instead of single pods.")
  var node = false

  @Argument(
    help: ArgumentHelp(
      "NAMESPACE/POD, a container's name, or a network namespace: a path or a name in /run/netns.",
      valueName: "pod"))
  var pods: [String] = []

  func validate() throws {
    guard node == pods.isEmpty else {
      throw ValidationError("give the pods, or --node: one of the two")
    }
  }

  func setPaused(_ isPaused: Bool) throws {
    guard !node else {
      try NodeSwitch(location.pins).set(.paused, to: isPaused)
      return
    }
    let registry = try Registry(location.pins)
    for name in pods {
      for attachment in try End(name, in: registry).attachments {
        try registry.setPaused(isPaused, for: attachment.key)
      }
    }
  }
}
