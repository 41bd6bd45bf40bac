import Datapath
import JSON

extension Attachment {
  /// One element of `pods --json`.
  func document(key: AttachmentKey, suspensions: Set<Suspension>) -> JSONValue {
    .object([
      ("namespace", .string(podNamespace)),
      ("name", .string(podName)),
      ("uid", .string(podUID)),
      ("container_id", .string(key.containerID)),
      ("interface", .string(key.interfaceName)),
      ("network", .string(network)),
      ("addresses", .array(addresses.map { .string($0.description) })),
      ("enabled", .bool(!isDisabled)),
      ("paused", .bool(suspensions.contains(.paused))),
      ("held", .bool(suspensions.contains(.held))),
      ("sockets", .string(sockets.word)),
      ("domain", domain == Domain.unknown ? .null : .unsigned(UInt64(domain))),
      ("netns", .string(netnsPath)),
      ("netns_cookie", .unsigned(netnsCookie)),
      ("cgroup", cgroupPath.isEmpty ? .null : .string(cgroupPath)),
      ("cgroup_id", cgroupID.map { .unsigned($0) } ?? .null),
    ])
  }

  /// One line of `pods`.
  func line(suspensions: Set<Suspension>) -> String {
    let own = addresses.filter { !$0.isLoopback }.map(\.description).joined(separator: " ")
    let words = [sockets.word] + Suspension.allCases.filter(suspensions.contains).map(\.word)
    let state = isDisabled ? "disabled" : words.joined(separator: ", ")
    return "\(title)  \(own)  \(state)"
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

extension Suspension {
  /// How a person is told of it.
  var word: String {
    switch self {
    case .paused: "paused"
    case .held: "held by the agent"
    }
  }
}
