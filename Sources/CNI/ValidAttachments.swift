internal import JSON

/// What GC must leave alone (SPEC section 2, "GC").
public enum ValidAttachments: Sendable, Hashable {
  /// One interface of one container.
  public struct Attachment: Sendable, Hashable {
    /// `containerID`
    public let containerID: String
    /// `ifname`
    public let interfaceName: String

    /// Makes it from its parts.
    public init(containerID: String, interfaceName: String) {
      self.containerID = containerID
      self.interfaceName = interfaceName
    }
  }

  /// The runtime did not say which are valid.
  case unknown
  /// All that are valid; none if it is empty.
  case only(Set<Attachment>)
}

extension NetworkConfiguration {
  /// Runtimes know the key by two names; those that send both send the same list.
  private static let validAttachmentKeys = ["cni.dev/valid-attachments", "cni.dev/attachments"]

  /// Which attachments of this network are valid. `null` is an empty list: a runtime without any
  /// container may write it so.
  ///
  /// Throws ``CNIError`` with code 7 for what cannot be understood, lest valid ones be removed.
  func validAttachments() throws(CNIError) -> ValidAttachments {
    for key in Self.validAttachmentKeys {
      guard let value = document.memberOrNull(key) else { continue }
      return .only(try attachments(in: value, key))
    }
    return .unknown
  }

  private func attachments(
    in value: JSONValue, _ key: String
  ) throws(CNIError) -> Set<ValidAttachments.Attachment> {
    guard value != .null else { return [] }
    guard let elements = value.elements else {
      throw .invalid(key, "expected array, found \(value.kind)")
    }
    var attachments: Set<ValidAttachments.Attachment> = []
    for element in elements {
      guard let containerID = element.member("containerID")?.stringValue,
        let interfaceName = element.member("ifname")?.stringValue
      else {
        throw .invalid(
          key, "expected containerID and ifname, found \(element.encoded(indented: false))")
      }
      attachments.insert(.init(containerID: containerID, interfaceName: interfaceName))
    }
    return attachments
  }
}

extension CNIError {
  fileprivate static func invalid(_ key: String, _ fault: String) -> CNIError {
    CNIError(code: .invalidConfiguration, message: "invalid \(key)", details: fault)
  }
}
