internal import CNI
internal import JSON

/// The text of a network list (`.conflist`) that a runtime accepts.
struct NetworkList {
  /// The whole file.
  let text: [UInt8]
  /// The elements of `plugins`; their indices are those of ``text``.
  let plugins: [JSONText]
  /// `cniVersion` and `cniVersions`; 0.1.0 where there is neither.
  let versions: [String]

  /// What a text turned out to be.
  enum Reading {
    /// A network list.
    case list(NetworkList)
    /// The configuration of a single plugin, which nothing can be chained to.
    case single
    /// Something that a runtime refuses, and why.
    case invalid(String)
  }

  /// Reads a text as libcni reads a file of that name.
  static func read(_ text: [UInt8], name: String) -> Reading {
    // The reference decoder takes invalid UTF-8 for U+FFFD.
    let repaired = Array(String(decoding: text, as: UTF8.self).utf8)
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONValue(parsing: repaired)
    } catch {
      return .invalid(text.isEmpty ? "it is empty" : error.description)
    }
    guard name.hasSuffix(".conflist") else {
      return document.member("type")?.stringValue?.isEmpty ?? true
        ? .invalid("it has no \"type\"") : .single
    }
    return fault(of: document).map { .invalid($0) } ?? .list(NetworkList(accepted: text, document))
  }

  /// Keys of the list are found in their exact case alone, those of plugins in any.
  private static func fault(of document: JSONValue) -> String? {
    guard case .object = document else { return "it is no object but \(document.kind)" }
    guard document["name"]?.stringValue != nil else { return "it has no \"name\"" }
    guard document["cniVersion"].map({ $0.stringValue != nil }) ?? true else {
      return "its \"cniVersion\" is no string"
    }
    guard let plugins = document["plugins"]?.elements else { return "it has no list \"plugins\"" }
    guard !plugins.isEmpty else { return "its list \"plugins\" is empty" }
    let untyped = plugins.firstIndex { $0.member("type")?.stringValue?.isEmpty ?? true }
    return untyped.map { "element \($0) of its \"plugins\" has no \"type\"" }
  }

  private init(accepted text: [UInt8], _ document: JSONValue) {
    self.text = text
    plugins = JSONText(accepted: text).members?.last { $0.key == "plugins" }?.value.elements ?? []
    let declared = document["cniVersion"].map { [$0] } ?? []
    let named = (declared + (document["cniVersions"]?.elements ?? [])).compactMap(\.stringValue)
    versions = named.isEmpty ? ["0.1.0"] : named
  }

  /// The names of its plugins in order.
  var types: [String] {
    plugins.map { $0.member("type")?.value?.stringValue ?? "" }
  }

  /// The members of our entry; nil where there is none.
  var entry: [(key: String, value: JSONText)]? {
    plugins.last(where: Entry.isOwn)?.members
  }
}
