// Inlinable: without a specialised copy, each field's type (a tuple of up to 512 elements) is made at
// run time, which is a good part of what a call of the plugin costs.

/// Fills a fixed-size C field (imported as a tuple) with bytes; the rest becomes zero.
///
/// Returns false, and changes nothing, when they do not fit.
@inlinable
public func fill<Field: BitwiseCopyable>(_ field: inout Field, with bytes: [UInt8]) -> Bool {
  unsafe withUnsafeMutableBytes(of: &field) { target in
    guard bytes.count <= target.count else { return false }
    for index in 0..<target.count {
      unsafe target[index] = index < bytes.count ? bytes[index] : 0
    }
    return true
  }
}

/// The bytes of a fixed-size C field or struct, as they lie in memory.
@inlinable
public func bytes<Field: BitwiseCopyable>(of field: Field) -> [UInt8] {
  unsafe withUnsafeBytes(of: field) { unsafe Array($0) }
}

/// A NUL-padded text field.
@inlinable
public func text<Field: BitwiseCopyable>(of field: Field) -> String {
  String(decoding: bytes(of: field).prefix { $0 != 0 }, as: UTF8.self)
}
