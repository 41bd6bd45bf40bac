import ArgumentParser
import Datapath

struct RevalidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revalidate",
    abstract: "Makes every live connection show that the network still lets it pass.",
    discussion: """
      Each direction sends its next message over the stack, and uses the shortcut again when the \
      receiver got it. The agent does this by itself when flows change.
      """)

  @OptionGroup var location: LocationOptions

  func run() throws {
    try Registry(location.pins).revalidate()
  }
}
