/// The pairs of `CNI_ARGS`: `KEY=VALUE;KEY=VALUE`.
///
/// Runtimes give them in any order, and differently for ADD and DEL of one container. What is not
/// a pair is passed over: a plugin that needs none of them must not fail a container for them.
public struct Arguments: Sendable, Hashable {
  // Read when it is asked for: of many pairs a plugin needs few.
  private let text: String

  /// Takes the value of `CNI_ARGS`.
  public init(parsing text: String) {
    self.text = text
  }

  /// The value of a key, or nil; of pairs with the same key the last one counts.
  public subscript(key: String) -> String? {
    var (found, rest): (Substring?, Substring) = (nil, text[...])
    while !rest.isEmpty {
      let end = rest.utf8.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
      let pair = rest[..<end]
      if let sign = pair.utf8.firstIndex(of: UInt8(ascii: "=")), pair[..<sign] == key {
        found = pair[pair.utf8.index(after: sign)...]
      }
      rest = end < rest.endIndex ? rest[rest.utf8.index(after: end)...] : ""
    }
    return found.map { String($0) }
  }
}
