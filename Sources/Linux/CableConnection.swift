/// Two non-blocking ends of one TCP connection between two network namespaces.
public struct CableConnection: ~Copyable {
  /// The end that connected.
  public let client: Descriptor
  /// The end that accepted.
  public let server: Descriptor
}
