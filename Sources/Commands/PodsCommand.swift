import ArgumentParser
import Datapath
import JSON

struct PodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pods", abstract: "Lists what the CNI plugin registered.")

  @OptionGroup var location: LocationOptions

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let pods = try Registry(location.pins).all().sorted {
      ($0.value.podNamespace, $0.value.podName) < ($1.value.podNamespace, $1.value.podName)
    }
    if json {
      print(JSONValue.array(pods.map { $0.value.document(key: $0.key) }).encoded(indented: true))
    } else {
      pods.forEach { print($0.value.line) }
    }
  }
}
