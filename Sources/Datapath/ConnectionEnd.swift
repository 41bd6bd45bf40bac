/// One end of a connection.
public struct ConnectionEnd: Sendable, Hashable {
  /// What a person calls its pod; empty when it is not registered any more.
  public var pod: String
  /// The socket's own address.
  public var address: Address
  /// The socket's own port, in host byte order.
  public var port: UInt16
  /// Of the socket's network namespace.
  public var netnsCookie: UInt64

  /// States all of them.
  public init(pod: String, address: Address, port: UInt16, netnsCookie: UInt64) {
    (self.pod, self.address, self.port) = (pod, address, port)
    self.netnsCookie = netnsCookie
  }

  /// `10.16.0.4:80`, `[fd00::4]:80`.
  public var endpoint: String {
    let text = address.description
    return text.contains(":") ? "[\(text)]:\(port)" : "\(text):\(port)"
  }
}
