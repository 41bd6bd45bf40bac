private import BPF
import CShortcut
private import Linux

/// An IPv6 address, or an IPv4 address in its mapped form `::ffff:a.b.c.d`.
public struct Address: Sendable, Hashable, CustomStringConvertible {
  /// Sixteen bytes in network order.
  public let bytes: [UInt8]

  /// `127.0.0.1`
  public static let loopback4 = Address(mapping: [127, 0, 0, 1])
  /// `::1`
  public static let loopback6 = Address(bytes: [UInt8](repeating: 0, count: 15) + [1])

  /// Reads the text of an IPv4 or IPv6 address; nil when it is neither.
  ///
  /// The corresponding C function is `inet_pton`.
  public init?(_ text: String) {
    if let bytes = parseAddress4(text) {
      self.init(mapping: bytes)
    } else if let bytes = parseAddress6(text) {
      self.init(bytes: bytes)
    } else {
      return nil
    }
  }

  init(mapping address4: [UInt8]) {
    self.init(bytes: [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + address4)
  }

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Whether it never leaves its network namespace.
  public var isLoopback: Bool {
    self == Self.loopback6 || (isMapped && bytes[12] == 127)
  }

  private var isMapped: Bool {
    bytes[..<12].elementsEqual([UInt8](repeating: 0, count: 10) + [0xff, 0xff])
  }

  /// Dotted for IPv4, else as RFC 5952 wants it. The corresponding C function is `inet_ntop`.
  public var description: String {
    isMapped ? bytes[12...].map(String.init).joined(separator: ".") : formatAddress6(bytes)
  }
}

extension Address {
  init(_ layout: shortcut_address) {
    self.init(bytes: BPF.bytes(of: layout))
  }

  var layout: shortcut_address {
    var layout = shortcut_address()
    _ = fill(&layout, with: bytes)
    return layout
  }
}
