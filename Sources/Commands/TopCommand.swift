import ArgumentParser
import Datapath
import JSON
import Linux
import Programs

struct TopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Shows live connections and what they carry, again and again.",
    discussion: """
      Ctrl-C ends it. Where its output is no terminal, one screen follows the other; with --json each \
      is one line, a JSON document.
      """)

  /// What comes first.
  enum Order: String, ExpressibleByArgument, CaseIterable {
    case bytes, shortcut, stack, messages, age
  }

  @OptionGroup var location: LocationOptions
  @OptionGroup var filter: ConnectionFilter

  @Option(help: ArgumentHelp("Time between two screens.", valueName: "seconds"))
  var interval = 1.0

  @Option(help: "What is largest comes first: bytes, shortcut, stack, messages or age.")
  var sort = Order.bytes

  @Flag(help: "Show one screen, after one interval, and end.")
  var once = false

  @Flag(help: "Print JSON documents, one a line.")
  var json = false

  func validate() throws {
    guard (0.1...3600).contains(interval) else {
      throw ValidationError("--interval \(interval): give 0.1 to 3600")
    }
  }

  func run() throws {
    let matches = try filter.matcher(in: Registry(location.pins))
    let source = try ConnectionSource(image: .connections, pins: location.pins)
    var last = try Sample(source, location.pins, matches)
    repeat {
      sleepMilliseconds(Int(interval * 1000))
      let now = try Sample(source, location.pins, matches)
      try show(TopScreen(from: last, to: now, sortedBy: sort))
      last = now
    } while !once
  }

  private func show(_ screen: TopScreen) throws {
    let text: String
    if json {
      text = screen.document.encoded(indented: false) + "\n"
    } else if isTerminal(1) {
      // Home, each line and what is below it cleared: no flicker, nothing to undo at the end.
      let rows = terminalRows(1) ?? 24
      text = "\u{1b}[H" + screen.lines(rows - 1).map { "\($0)\u{1b}[K\n" }.joined() + "\u{1b}[J"
    } else {
      text = screen.lines(nil).map { "\($0)\n" }.joined() + "\n"
    }
    try writeAll(Array(text.utf8), to: 1, subject: "standard output")
  }
}
