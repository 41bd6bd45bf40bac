/// What people call the pods of sockets.
public struct PodNames: Sendable {
  private struct Place: Hashable {
    let netnsCookie: UInt64
    let address: Address
  }

  private var byPlace: [Place: String] = [:]
  private var byNamespace: [UInt64: String] = [:]

  /// Learns the names of what is registered.
  public init(_ attachments: [Attachment]) {
    for attachment in attachments {
      byNamespace[attachment.netnsCookie] = attachment.title
      for address in attachment.addresses {
        byPlace[Place(netnsCookie: attachment.netnsCookie, address: address)] = attachment.title
      }
    }
  }

  /// The pod of a socket's address in a network namespace, or empty.
  func name(of address: Address, inNetns cookie: UInt64) -> String {
    byPlace[Place(netnsCookie: cookie, address: address)] ?? byNamespace[cookie] ?? ""
  }
}
