import Datapath

/// What pods are annotated with: their owners' wishes, and what they are limited by.
struct Wishes {
  private let annotations: [String: [String: String]]
  private let name: String
  private let crossing: Domain.Crossing

  /// Nobody has said anything.
  init() { self.init([], Settings()) }

  /// What pods that run are annotated with.
  init(_ sandboxes: [Sandbox], _ settings: Settings) {
    let spoken = sandboxes.filter(\.isReady).map { ($0.title, $0.annotations) }
    annotations = Dictionary(spoken, uniquingKeysWith: { $1 })
    name = "\(settings.annotationPrefix)/tcp_shortcut"
    crossing = settings.crossing
  }

  /// The number of a pod's domain.
  func domain(of pod: PodInterface) -> UInt32 {
    guard crossing == .same else { return Domain.unknown }
    return Domain.number(ofPodAnnotatedWith: annotations[pod.title] ?? [:])
  }

  /// Which sockets of a pod take part; nil: none, also where the annotation has no meaning, or where
  /// the pod is limited by what is not to be seen in Open vSwitch.
  func sockets(of pod: PodInterface, otherwise adoption: Settings.Adoption) -> Attachment.Sockets? {
    let annotations = annotations[pod.title] ?? [:]
    let isLimited = annotations.contains { name, value in
      Restriction(annotation: name, value: value) == .invisible
    }
    guard !isLimited else { return nil }
    switch annotations[name] {
    case nil: return adoption.sockets
    case "true": return adoption.sockets ?? .nonblocking
    case "all": return .all
    default: return nil
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
