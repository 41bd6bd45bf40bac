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
    let registry = try Registry(location.pins)
    let pods = try registry.all().sorted {
      ($0.value.podNamespace, $0.value.podName) < ($1.value.podNamespace, $1.value.podName)
    }
    var documents: [JSONValue] = []
    for (key, pod) in pods {
      let suspensions = try registry.suspensions(of: pod)
      documents.append(pod.document(key: key, suspensions: suspensions))
      if !json { print(pod.line(suspensions: suspensions)) }
    }
    if json { print(JSONValue.array(documents).encoded(indented: true)) }
  }
}
