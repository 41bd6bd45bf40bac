public import CNI
internal import Datapath
private import Glibc

/// The plugin `shortcut-cni`: registers pods with the datapath, and changes nothing else.
///
/// Under the failure policy `open`, which is the default, no fault of ours keeps a pod from
/// starting: it starts with its traffic on the stack, and a line says why.
public struct ShortcutPlugin: ChainedPlugin {
  /// Name and version.
  public let about = "CNI plugin shortcut-cni v0.1.0"
  let node: any Node

  /// Makes the plugin for a machine.
  public init(node: any Node) {
    self.node = node
  }

  /// Whether a path leads to the plugin's own network namespace.
  public func isOwnNamespace(_ path: String) -> Bool {
    node.isOwnNamespace(path)
  }

  /// Registers the pod: its addresses if it takes part, as disabled if it does not; nothing if it
  /// has no address.
  ///
  /// Throws ``CNIError`` only under the failure policy `closed`: code 7 for a value without
  /// meaning, 100 and above for what kept the pod from being registered.
  public func add(
    _ request: Request, after previous: PreviousResult
  ) throws(CNIError) -> [String] {
    let settings = Settings(request.configuration)
    let report = Report(request, settings, node)
    let registration = PodRegistration(
      request, addresses: previous.addresses, settings, node)
    switch Mode(settings, request.configuration.runtime) {
    case .enabled where registration.addresses.isEmpty, .held where registration.addresses.isEmpty:
      return report.note("not accelerated: the previous result has no address")
    case .enabled(let sockets):
      return try report.failures { () throws(Failure) in try registration.record(sockets) }
    case .held(let sockets, let reason):
      let lines = try report.failures { () throws(Failure) in
        try registration.record(sockets, isBarred: true)
      }
      guard lines.isEmpty else { return lines }
      return report.note(
        "not accelerated until shortcutd sees that its traffic is not limited: \(reason)")
    case .declined:
      registration.recordDisabled()
      return []
    case .barred(let reason):
      registration.recordDisabled()
      return report.note("not accelerated: its traffic stays on the stack because of \(reason)")
    case .invalid(let fault):
      let lines = try report.failures { () throws(Failure) in throw Failure(invalid: fault) }
      registration.recordDisabled()
      return lines
    }
  }

  /// Removes what was registered for the pod, from the datapath's own record.
  ///
  /// Never throws: a pod whose network cannot be taken down stays for ever, whereas an entry that
  /// is left behind names a network namespace that will not exist again.
  public func delete(_ request: Request) throws(CNIError) -> [String] {
    let settings = Settings(request.configuration)
    do throws(DatapathError) {
      try node.unregister(try AttachmentKey(request.environment), in: settings.pins)
      return []
    } catch {
      // Nothing with such a name can have been registered.
      guard !error.meansNotLoaded, error.code != ENAMETOOLONG else { return [] }
      return Report(request, settings, node).note("not unregistered: \(error)")
    }
  }

  /// Always ready: an optional accelerator must not make a node unready.
  public func status(_ request: Request) throws(CNIError) -> [String] {
    []
  }
}

extension AttachmentKey {
  init(_ environment: Environment) throws(DatapathError) {
    try self.init(
      containerID: environment.containerID, interfaceName: environment.interfaceName)
  }
}
