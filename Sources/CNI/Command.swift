/// What a runtime asks of a plugin: the value of `CNI_COMMAND` (SPEC section 2).
public enum Command: String, Sendable, CaseIterable {
  /// Add a container to the network, or change what earlier plugins did.
  case add = "ADD"
  /// Undo `add`; asked for more than once, and after failures.
  case delete = "DEL"
  /// Verify that a container's networking is as `add` left it. Since 0.4.0.
  case check = "CHECK"
  /// Remove what belongs to no valid attachment. Since 1.1.0.
  case garbageCollect = "GC"
  /// Tell whether the plugin is ready for `add`. Since 1.1.0.
  case status = "STATUS"
  /// Print the supported protocol versions.
  case version = "VERSION"

  /// The command of a name, or nil. Spelt out: what the compiler makes of the cases looks the name up
  /// in an array, which costs a process this short 4 % of its time.
  public init?(rawValue: String) {
    switch rawValue {
    case "ADD": self = .add
    case "DEL": self = .delete
    case "CHECK": self = .check
    case "GC": self = .garbageCollect
    case "STATUS": self = .status
    case "VERSION": self = .version
    default: return nil
    }
  }

  /// The lowest version whose configurations may ask for it; nil when all may.
  var introduced: VersionNumber? {
    switch self {
    case .check: VersionNumber(major: 0, minor: 4, patch: 0)
    case .garbageCollect, .status: VersionNumber(major: 1, minor: 1, patch: 0)
    case .add, .delete, .version: nil
    }
  }
}
