import Datapath

/// What the owners of pods wish, by the annotation `PREFIX/tcp_shortcut`.
struct Wishes {
  private let annotations: [String: String]

  /// Nobody has said anything.
  init() { annotations = [:] }

  /// What pods that run are annotated with.
  init(_ sandboxes: [Sandbox], prefix: String) {
    let spoken = sandboxes.filter(\.isReady).compactMap { sandbox in
      sandbox.annotations["\(prefix)/tcp_shortcut"].map { (sandbox.title, $0) }
    }
    annotations = Dictionary(spoken, uniquingKeysWith: { $1 })
  }

  /// Which sockets of a pod take part; nil: none, also where the annotation has no meaning.
  func sockets(of pod: PodInterface, otherwise adoption: Settings.Adoption) -> Attachment.Sockets? {
    switch annotations[pod.title] {
    case nil: adoption.sockets
    case "true": adoption.sockets ?? .nonblocking
    case "all": .all
    default: nil
    }
  }
}

extension Sandbox {
  var title: String { "\(namespace)/\(name)" }
}

extension Settings.Adoption {
  fileprivate var sockets: Attachment.Sockets? {
    switch self {
    case .off: nil
    case .nonblocking: .nonblocking
    case .all: .all
    }
  }
}
