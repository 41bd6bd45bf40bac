internal import CJansson

extension JSONValue {
  /// Parses exactly one value of any kind, in UTF-8, white space around it allowed.
  ///
  /// Of members with the same key the last one counts. A whole number beyond `Int64` makes all
  /// numbers of the document `real`. Nesting is limited to 2048 levels. The corresponding C
  /// function is `json_loadb`.
  public init(parsing text: [UInt8]) throws(JSONError) {
    guard !text.isEmpty else {
      throw JSONError(code: .prematureEnd, offset: 0, reason: "unexpected end of input")
    }
    do throws(JSONError) {
      self = try Document(text).value
    } catch {
      guard error.code == .numberOverflow else { throw error }
      self = try Document(text, flags: JSON_DECODE_INT_AS_REAL).value
    }
  }

  /// Copies a node of jansson's tree and all below it.
  @unsafe init(_ node: UnsafeMutablePointer<json_t>) {
    switch unsafe node.pointee.type {
    case JSON_OBJECT: self = unsafe .object(Self.members(of: node))
    case JSON_ARRAY: self = unsafe .array(Self.elements(of: node))
    case JSON_STRING: self = unsafe .string(Self.text(of: node))
    case JSON_INTEGER: self = unsafe .integer(Int64(json_integer_value(node)))
    case JSON_REAL: self = unsafe .real(json_real_value(node))
    case JSON_TRUE: self = .bool(true)
    case JSON_FALSE: self = .bool(false)
    default: self = .null
    }
  }

  private static func members(of node: UnsafeMutablePointer<json_t>) -> [(String, JSONValue)] {
    var members: [(String, JSONValue)] = []
    var position = unsafe json_object_iter(node)
    while let member = unsafe position {
      if let value = unsafe json_object_iter_value(member) {
        members.append(unsafe (key(of: member), JSONValue(value)))
      }
      unsafe position = json_object_iter_next(node, member)
    }
    return members
  }

  private static func key(of member: UnsafeMutableRawPointer) -> String {
    let bytes = unsafe UnsafeRawBufferPointer(
      start: json_object_iter_key(member), count: json_object_iter_key_len(member))
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  private static func elements(of node: UnsafeMutablePointer<json_t>) -> [JSONValue] {
    unsafe (0..<json_array_size(node)).compactMap { index in
      guard let element = unsafe json_array_get(node, index) else { return nil }
      return unsafe JSONValue(element)
    }
  }

  private static func text(of node: UnsafeMutablePointer<json_t>) -> String {
    let bytes = unsafe UnsafeRawBufferPointer(
      start: json_string_value(node), count: json_string_length(node))
    return unsafe String(decoding: bytes, as: UTF8.self)
  }
}
