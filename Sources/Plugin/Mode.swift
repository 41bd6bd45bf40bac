internal import CNI
internal import Datapath
internal import JSON

/// Whether a pod takes part, and why not.
enum Mode: Equatable {
  /// It takes part with these sockets.
  case enabled(Attachment.Sockets)
  /// The operator or the pod's owner does not want it.
  case declined
  /// It takes part with these sockets when its traffic is not shaped or mirrored any more.
  case held(Attachment.Sockets, String)
  /// Its traffic must stay where it is shaped, and nobody tells when it is not any more.
  case barred(String)
  /// A setting or the annotation has a value without meaning.
  case invalid(String)

  /// Decides by settings and annotation; what bars a pod comes before what it wishes.
  init(_ settings: Settings, _ runtime: RuntimeConfiguration) {
    if let fault = settings.fault {
      self = .invalid(fault)
    } else {
      self.init(settings, annotations: runtime.annotations)
      if let demand = Demand(runtime) { self = self.under(demand) }
    }
  }

  private func under(_ demand: Demand) -> Mode {
    guard case .enabled(let sockets) = self, demand.restriction == .visible else {
      return .barred(demand.reason)
    }
    return .held(sockets, demand.reason)
  }

  private init(_ settings: Settings, annotations: [(String, JSONValue)]) {
    let name = "\(settings.annotationPrefix)/tcp_shortcut"
    let value = annotations.first { $0.0 == name }?.1
    switch value {
    case nil: self = settings.isEnabled ? .enabled(settings.sockets) : .declined
    case .string("true"): self = .enabled(settings.sockets)
    case .string("all"): self = .enabled(.all)
    case .string("false"): self = .declined
    case let value?:
      self = .invalid(
        #"annotation \#(name): expected "true", "false" or "all", found "#
          + value.encoded(indented: false))
    }
  }
}
