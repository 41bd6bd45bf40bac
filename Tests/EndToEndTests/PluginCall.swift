import Linux
import TestSupport

/// A call of `shortcut-cni` alone, past the other plugins of the list.
struct PluginCall {
  enum Verb: String {
    case add = "ADD"
    case delete = "DEL"
    case check = "CHECK"
  }

  let command: Command

  /// A call for a pod of the road. Another container identifier than the pod's own makes another
  /// attachment of the same network namespace. `members` are more of the configuration, in JSON.
  init(
    _ verb: Verb, pod: String, on road: Road, containerID: String? = nil, version: String = "1.0.0",
    members: [String] = []
  ) throws {
    let directory = "\(road.directory)/pods/\(pod)"
    let identifier = try containerID ?? readText("\(directory)/id")
    let result = try readText("\(directory)/result.json")
    command = Command(
      Products.path("shortcut-cni"),
      environment: [
        "CNI_COMMAND": verb.rawValue, "CNI_CONTAINERID": identifier, "CNI_IFNAME": "eth0",
        "CNI_NETNS": "\(road.directory)/netns/\(pod)", "CNI_PATH": Products.directory,
        "CNI_ARGS": "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=\(pod)",
      ],
      input: """
        {"cniVersion": "\(version)", "name": "test", "type": "shortcut-cni",
         \(members.map { "\($0), " }.joined())
         "bpffsRoot": "\(road.shortcut.pins)", "prevResult": \(result)}
        """)
  }
}
