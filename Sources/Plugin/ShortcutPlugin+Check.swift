public import CNI
internal import Datapath

extension ShortcutPlugin {
  /// Verifies what was registered for the pod, and nothing of other plugins.
  ///
  /// Throws ``CNIError`` with code 104 when the registration is gone or differs from what ADD wrote.
  /// Under the policy `open` ADD succeeds without one, so then does CHECK for a pod that cannot be
  /// registered now either or is older than the datapath; a line says why.
  public func check(
    _ request: Request, after previous: PreviousResult?
  ) throws(CNIError) -> [String] {
    let settings = Settings(request.configuration)
    switch Mode(settings, request.configuration.runtime) {
    case .enabled, .held: break
    case .declined, .barred, .invalid: return []
    }
    let expected = PodRegistration(
      request, addresses: previous?.addresses ?? [], settings, node)
    guard previous == nil || !expected.addresses.isEmpty else { return [] }
    let report = Report(request, settings, node)
    var damage: String?
    let lines = try report.failures { () throws(Failure) in damage = try self.damage(to: expected) }
    if let damage { throw report.error(Failure(damaged: damage)) }
    return lines
  }

  /// How a registration differs from what ADD wrote, or nil.
  private func damage(to expected: PodRegistration) throws(Failure) -> String? {
    try expected.refuseOwnNamespace()
    let attachment = try expected.attachment()
    guard let registration = try expected.registration() else {
      if let obstacle = try expected.obstacle(to: attachment) {
        throw Failure(unregistered: obstacle)
      }
      return "nothing is registered"
    }
    guard registration.attachment.netnsCookie == attachment.netnsCookie else {
      return "registered for another network namespace than \(attachment.netnsPath)"
    }
    guard registration.missing.isEmpty else {
      return "not in the allowlist: \(list(registration.missing))"
    }
    guard registration.altered.isEmpty else {
      return "in the allowlist, but not as registered: \(list(registration.altered))"
    }
    return nil
  }

  private func list(_ addresses: [Address]) -> String {
    addresses.map(\.description).joined(separator: " ")
  }
}
