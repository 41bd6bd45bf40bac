import ArgumentParser
import Datapath
import JSON
import Programs

struct ConnectionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connections",
    abstract: "Lists live connections whose two ends found each other on this node.",
    discussion: """
      A direction goes over the 'shortcut' or, for now, over the 'stack'; it is 'barred' when its \
      receiver takes nothing but the stack's any more, 'evicted' when its sender is plain TCP again, \
      and 'closed' when the sender's socket is. Bytes and messages are those of both directions; \
      --json has each.

      Connections that never paired are plain TCP, and not listed: 'status' counts why.
      """)

  @OptionGroup var location: LocationOptions
  @OptionGroup var filter: ConnectionFilter

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let registry = try Registry(location.pins)
    let matches = try filter.matcher(in: registry)
    let source = try ConnectionSource(image: .connections, pins: location.pins)
    let connections = try source.list().connections.filter(matches)
    if json {
      print(JSONValue.array(connections.map(\.document)).encoded(indented: true))
    } else {
      table([Connection.heads] + connections.map(\.cells)).forEach { print($0) }
    }
  }
}
