import ArgumentParser
import Bench
import Datapath

/// Pods that a command is applied to.
struct PodOptions: ParsableArguments {
  @OptionGroup var location: LocationOptions

  @Argument(
    help: ArgumentHelp(
      "NAMESPACE/POD, a container's name, or a network namespace: a path or a name in /run/netns.",
      valueName: "pod"))
  var pods: [String]

  func setPaused(_ isPaused: Bool) throws {
    let registry = try Registry(location.pins)
    for name in pods {
      for attachment in try End(name, in: registry).attachments {
        try registry.setPaused(isPaused, for: attachment.key)
      }
    }
  }
}
