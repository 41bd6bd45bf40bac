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

  /// The lowest version whose configurations may ask for it; nil when all may.
  var introduced: VersionNumber? {
    switch self {
    case .check: VersionNumber(major: 0, minor: 4, patch: 0)
    case .garbageCollect, .status: VersionNumber(major: 1, minor: 1, patch: 0)
    case .add, .delete, .version: nil
    }
  }
}
