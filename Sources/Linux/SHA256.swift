private import CLinux

/// The SHA-256 digest of some bytes, in lowercase hexadecimal.
public func sha256(_ bytes: [UInt8]) -> String {
  var digest = [UInt8](repeating: 0, count: 32)
  unsafe bytes.withUnsafeBytes { source in
    unsafe digest.withUnsafeMutableBufferPointer { target in
      unsafe clinux_sha256(source.baseAddress, source.count, target.baseAddress)
    }
  }
  let digits = Array("0123456789abcdef")
  return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
