/// Where TCP is listened on: an address and a port.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// Four or sixteen bytes in network order.
  public let address: [UInt8]
  /// In host byte order.
  public let port: UInt16
  /// As it was written: `127.0.0.1:10671`, `[::1]:10671`.
  public let description: String

  /// Reads an address and a port; nil when the text is no such thing.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    let host = text[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let address =
      isBracketed
      ? parseAddress6(String(host.dropFirst().dropLast())) : parseAddress4(String(host))
    guard let address else { return nil }
    (self.address, self.port, description) = (address, port, text)
  }
}
