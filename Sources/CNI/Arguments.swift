/// The pairs of `CNI_ARGS`: `KEY=VALUE;KEY=VALUE`.
///
/// Runtimes give them in any order, and differently for ADD and DEL of one container. What is not
/// a pair is passed over: a plugin that needs none of them must not fail a container for them.
public struct Arguments: Sendable, Hashable {
  private let values: [String: String]

  /// Reads the value of `CNI_ARGS`; of pairs with the same key the last one counts.
  public init(parsing text: String) {
    let pairs: [(String, String)] = text.split(separator: ";").compactMap { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
    values = Dictionary(pairs) { _, last in last }
  }

  /// The value of a key, or nil.
  public subscript(key: String) -> String? {
    values[key]
  }
}
