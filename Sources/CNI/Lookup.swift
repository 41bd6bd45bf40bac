public import JSON

extension JSONValue {
  /// The value of an object's member, found as the reference implementation's decoder finds it.
  ///
  /// Runtimes and administrators write keys in other cases than the specification does, so a key
  /// that differs in ASCII case alone is taken when there is no exact one. `null` counts as absent.
  public func member(_ key: String) -> JSONValue? {
    guard let value = memberOrNull(key), value != .null else { return nil }
    return value
  }

  /// The same, where `null` says something else than absence.
  func memberOrNull(_ key: String) -> JSONValue? {
    lookup(key, in: members ?? [])
  }
}

extension JSONText {
  /// The same, as text; a `null` is found.
  public func member(_ key: String) -> JSONText? {
    lookup(key, in: members ?? [])
  }
}

private func lookup<Value>(_ key: String, in members: [(key: String, value: Value)]) -> Value? {
  let member = members.last { $0.key == key } ?? members.last { isSameKey($0.key, key) }
  return member?.value
}

/// Whether two keys are equal but for the case of ASCII letters.
func isSameKey(_ left: String, _ right: String) -> Bool {
  left.utf8.elementsEqual(right.utf8) { $0.lowercasedASCII == $1.lowercasedASCII }
}

extension UInt8 {
  fileprivate var lowercasedASCII: UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
  }
}
