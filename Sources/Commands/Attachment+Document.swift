import Datapath
import JSON

extension Attachment {
  /// One element of `pods --json`.
  func document(key: AttachmentKey, isPaused: Bool) -> JSONValue {
    .object([
      ("namespace", .string(podNamespace)),
      ("name", .string(podName)),
      ("uid", .string(podUID)),
      ("container_id", .string(key.containerID)),
      ("interface", .string(key.interfaceName)),
      ("network", .string(network)),
      ("addresses", .array(addresses.map { .string($0.description) })),
      ("enabled", .bool(!isDisabled)),
      ("paused", .bool(isPaused)),
      ("sockets", .string(sockets.word)),
      ("netns", .string(netnsPath)),
      ("netns_cookie", .unsigned(netnsCookie)),
      ("cgroup", cgroupPath.isEmpty ? .null : .string(cgroupPath)),
      ("cgroup_id", cgroupID.map { .unsigned($0) } ?? .null),
    ])
  }

  /// One line of `pods`.
  func line(isPaused: Bool) -> String {
    let name = podName.isEmpty ? netnsPath : qualifiedName
    let own = addresses.filter { !$0.isLoopback }.map(\.description).joined(separator: " ")
    let state = isDisabled ? "disabled" : sockets.word + (isPaused ? ", paused" : "")
    return "\(name)  \(own)  \(state)"
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
