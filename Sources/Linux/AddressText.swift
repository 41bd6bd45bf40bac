private import Glibc

/// The four bytes of an IPv4 address in text form, or nil. The C function is `inet_pton`.
public func parseAddress4(_ text: String) -> [UInt8]? {
  parseAddress(text, family: AF_INET, size: 4)
}

/// The sixteen bytes of an IPv6 address in text form, or nil. The C function is `inet_pton`.
public func parseAddress6(_ text: String) -> [UInt8]? {
  parseAddress(text, family: AF_INET6, size: 16)
}

/// The text of sixteen bytes. The corresponding C function is `inet_ntop`.
public func formatAddress6(_ address: [UInt8]) -> String {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
    guard let start = buffer.baseAddress, address.count == 16,
      unsafe inet_ntop(AF_INET6, address, start, socklen_t(buffer.count)) != nil
    else { return "" }
    return unsafe String(cString: start)
  }
}

private func parseAddress(_ text: String, family: CInt, size: Int) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: size)
  guard unsafe inet_pton(family, text, &bytes) == 1 else { return nil }
  return bytes
}
