import Datapath
import JSON

extension Attachment {
  /// One element of `pods --json`.
  func document(key: AttachmentKey) -> JSONValue {
    .object([
      ("namespace", .string(podNamespace)),
      ("name", .string(podName)),
      ("uid", .string(podUID)),
      ("container_id", .string(key.containerID)),
      ("interface", .string(key.interfaceName)),
      ("addresses", .array(addresses.map { .string($0.description) })),
      ("enabled", .bool(!isDisabled)),
      ("sockets", .string(sockets.word)),
      ("netns", .string(netnsPath)),
      ("netns_cookie", .unsigned(netnsCookie)),
      ("cgroup", cgroupPath.isEmpty ? .null : .string(cgroupPath)),
      ("cgroup_id", cgroupID.map { .unsigned($0) } ?? .null),
    ])
  }

  /// One line of `pods`.
  var line: String {
    let name = podName.isEmpty ? netnsPath : "\(podNamespace)/\(podName)"
    let own = addresses.filter { !$0.isLoopback }.map(\.description).joined(separator: " ")
    return "\(name)  \(own)  \(isDisabled ? "disabled" : sockets.word)"
  }
}

extension Attachment.Sockets {
  fileprivate var word: String {
    switch self {
    case .nonblocking: "nonblocking"
    case .all: "all"
    }
  }
}
