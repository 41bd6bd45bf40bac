internal import CJansson

/// Owns the root of a tree that jansson parsed.
@safe struct Document: ~Copyable {
  private let root: UnsafeMutablePointer<json_t>

  /// Parses one value of any kind. The corresponding C function is `json_loadb`.
  init(_ text: [UInt8], flags: Int32 = 0) throws(JSONError) {
    var error = json_error_t()
    let allFlags = Int(flags | JSON_DECODE_ANY | JSON_ALLOW_NUL)
    let root = unsafe text.withUnsafeBytes { bytes in
      unsafe json_loadb(bytes.baseAddress, bytes.count, allFlags, &error)
    }
    guard let root = unsafe root else { throw JSONError(error) }
    unsafe self.root = root
  }

  deinit {
    unsafe json_decref(root)
  }

  /// A copy that does not depend on this tree.
  var value: JSONValue {
    unsafe JSONValue(root)
  }
}

extension JSONError {
  fileprivate init(_ error: json_error_t) {
    self.init(
      code: Code(error), offset: max(0, Int(error.position)), reason: Self.reason(of: error))
  }

  /// The message is a C array, which arrives as a tuple: its bytes up to the terminating zero.
  private static func reason(of error: json_error_t) -> String {
    unsafe withUnsafeBytes(of: error.text) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

extension JSONError.Code {
  /// jansson keeps the code in the last byte of the message.
  fileprivate init(_ error: json_error_t) {
    let code = unsafe withUnsafeBytes(of: error.text) { unsafe $0.last }
    switch UInt32(code ?? 0) {
    case json_error_premature_end_of_input.rawValue: self = .prematureEnd
    case json_error_end_of_input_expected.rawValue: self = .trailingText
    case json_error_numeric_overflow.rawValue: self = .numberOverflow
    default: self = .invalidSyntax
    }
  }
}
