public import CNI
internal import Datapath

extension ShortcutPlugin {
  /// Removes what is registered for this network and belongs to no valid attachment.
  ///
  /// Where the runtime does not say which are valid, only what belongs to a network namespace that
  /// is gone. One that cannot be removed does not keep the others. Throws ``CNIError`` only under
  /// the failure policy `closed`.
  public func garbageCollect(
    _ request: Request, keeping attachments: ValidAttachments
  ) throws(CNIError) -> [String] {
    let settings = Settings(request.configuration)
    let network = request.configuration.name
    return try Report(request, settings, node).failures { () throws(Failure) in
      var refusal: Failure?
      for (key, attachment) in try registered(in: settings.pins)
      where attachment.network == network && isStale(key, attachment, attachments) {
        do throws(Failure) {
          try Failure.datapath(settings.pins) { () throws(DatapathError) in
            try node.unregister(key, in: settings.pins)
          }
        } catch {
          refusal = error
        }
      }
      if let refusal { throw refusal }
    }
  }

  /// Where nothing is loaded, nothing is registered.
  private func registered(
    in pins: PinDirectory
  ) throws(Failure) -> [(key: AttachmentKey, attachment: Attachment)] {
    do throws(DatapathError) {
      return try node.registrations(in: pins)
    } catch {
      guard !error.meansNotLoaded else { return [] }
      throw Failure(error, pins: pins)
    }
  }

  private func isStale(
    _ key: AttachmentKey, _ attachment: Attachment, _ valid: ValidAttachments
  ) -> Bool {
    switch valid {
    case .only(let attachments):
      !attachments.contains(
        .init(containerID: key.containerID, interfaceName: key.interfaceName))
    case .unknown:
      node.isNamespaceGone(of: attachment)
    }
  }
}
