private import Linux

/// TLS of the kernel (its module `tls`), which a program may hand a connection to.
public enum KernelTLS {
  /// Whether it is there now; a program of root may have its module loaded at any time.
  public static var isPresent: Bool {
    let layers = try? readText("/proc/sys/net/ipv4/tcp_available_ulp")
    return isPresent(in: layers ?? "")
  }

  static func isPresent(in layers: String) -> Bool {
    layers.split(whereSeparator: \.isWhitespace).contains("tls")
  }
}
