internal import CNI
public import JSON

/// Our element of a network list's `plugins`.
public struct Entry: Sendable {
  /// The plugin's name: the value of `type` and the name of its executable.
  public static let type = "shortcut-cni"

  /// What the runtime shall tell the plugin.
  static let capabilities = ["io.kubernetes.cri.pod-annotations", "cgroupPath"]

  /// Settings of the plugin that this installation demands, as in docs/cni-plugin.md.
  public let settings: [(key: String, value: JSONValue)]
  /// An entry as it was seen, which one that is made anew shall be like.
  var template: [(key: String, value: JSONText)]?

  /// An entry with these settings; others keep their defaults, or what an entry that is there
  /// already says.
  public init(settings: [(key: String, value: JSONValue)] = []) {
    self.settings = settings
  }

  /// Whether an element of `plugins` is one of ours.
  static func isOwn(_ element: JSONText) -> Bool {
    element.member("type")?.value?.stringValue == type
  }

  /// The members of an entry where there is none yet.
  var members: [(key: String, value: JSONText)] {
    merged(with: template ?? [("type", JSONText(.string(Self.type)))])
  }

  /// The members of an entry that is there already, with what is missing or differs.
  func merged(with present: [(key: String, value: JSONText)]) -> [(key: String, value: JSONText)] {
    var members = present
    members.set("capabilities", to: Self.capabilities(present.last { $0.key == "capabilities" }))
    for (key, value) in settings where members.last(where: { $0.key == key })?.value.value != value
    {
      members.set(key, to: JSONText(value))
    }
    return members
  }

  /// Others that were asked for stay; ours are true.
  private static func capabilities(_ present: (key: String, value: JSONText)?) -> JSONText {
    var members = present?.value.members ?? []
    let isComplete = capabilities.allSatisfy { name in
      members.last { $0.key == name }?.value.value == true
    }
    if let present, isComplete { return present.value }
    for name in capabilities { members.set(name, to: JSONText(.bool(true))) }
    return JSONText(members: members)
  }
}

extension [(key: String, value: JSONText)] {
  fileprivate mutating func set(_ key: String, to value: JSONText) {
    if let index = lastIndex(where: { $0.key == key }) {
      self[index].value = value
    } else {
      append((key, value))
    }
  }
}
