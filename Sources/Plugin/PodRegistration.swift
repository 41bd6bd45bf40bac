internal import CNI
internal import Datapath
internal import Linux

/// What ADD writes about a pod, and CHECK expects.
struct PodRegistration {
  /// The pod's addresses, loopbacks not among them, each once.
  let addresses: [Address]
  private let environment: Environment
  private let network: String
  private let controlGroupPath: String?
  private let domain: UInt32
  private let pins: PinDirectory
  private let node: any Node

  init(
    _ request: Request, addresses: [String], _ settings: Settings, _ node: any Node
  ) {
    self.addresses = addresses.compactMap { Address($0) }.reduce(into: []) { unique, address in
      guard !address.isLoopback, !unique.contains(address) else { return }
      unique.append(address)
    }
    environment = request.environment
    network = request.configuration.name
    controlGroupPath = request.configuration.runtime.controlGroupPath
    domain = settings.domain(of: request.configuration.runtime)
    pins = settings.pins
    self.node = node
  }

  /// Registers the pod so that these sockets of it take part, when the agent lets them if it is
  /// barred.
  func record(_ sockets: Attachment.Sockets, isBarred: Bool = false) throws(Failure) {
    // Without the override the protocol has refused it already.
    if environment.allowsOwnNamespace { try refuseOwnNamespace() }
    var attachment = try attachment()
    (attachment.sockets, attachment.isBarred) = (sockets, isBarred)
    try record(attachment)
  }

  /// Makes the pod known as one that does not take part.
  ///
  /// Nobody depends on that; where it cannot be written, the pod is just not listed.
  func recordDisabled() {
    do throws(Failure) {
      var attachment = try attachment()
      attachment.isDisabled = true
      try record(attachment)
    } catch {}
  }

  private func record(_ attachment: Attachment) throws(Failure) {
    try Failure.datapath(pins) { () throws(DatapathError) in
      try node.register(attachment, for: try AttachmentKey(environment), in: pins)
    }
  }

  /// What is registered now, or nil.
  func registration() throws(Failure) -> Registration? {
    try Failure.datapath(pins) { () throws(DatapathError) in
      try node.registration(of: try AttachmentKey(environment), in: pins)
    }
  }

  /// See ``Node/obstacle(to:in:)``.
  func obstacle(to attachment: Attachment) throws(Failure) -> String? {
    try Failure.datapath(pins) { () throws(DatapathError) in
      try node.obstacle(to: attachment, in: pins)
    }
  }

  /// What ADD writes unless the pod's owner or the operator wants it otherwise.
  func attachment() throws(Failure) -> Attachment {
    let path = environment.networkNamespace
    // Sockets of an address beyond the limit stay on the stack, the pod's others do not.
    let loopbacks: [Address] = [.loopback4, .loopback6]
    var attachment = Attachment(
      netnsCookie: try node.cookie(of: path), netnsPath: path,
      addresses: addresses.prefix(Attachment.maximumAddresses - loopbacks.count) + loopbacks)
    (attachment.network, attachment.domain) = (network, domain)
    if let controlGroupPath {
      attachment.cgroupPath = controlGroupPath
      attachment.cgroupID = node.controlGroupID(of: controlGroupPath)
    }
    if let pod = Pod(environment.arguments) {
      attachment.podNamespace = pod.namespace
      attachment.podName = pod.name
      attachment.podUID = pod.identifier
    }
    return attachment
  }

  /// Processes of the node itself never take part, whatever the runtime overrides.
  func refuseOwnNamespace() throws(Failure) {
    guard node.isOwnNamespace(environment.networkNamespace) else { return }
    throw Failure(
      code: .namespaceUnusable,
      reason: "\(environment.networkNamespace) is the plugin's own network namespace",
      advice: "only pods with a network namespace of their own are accelerated")
  }
}

extension Node {
  func cookie(of path: String) throws(Failure) -> UInt64 {
    do throws(LinuxError) {
      return try namespaceCookie(of: path)
    } catch {
      throw Failure(namespace: error)
    }
  }
}
