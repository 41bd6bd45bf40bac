/// What is compared.
public enum Way: String, Sendable, Hashable, CaseIterable {
  /// TCP between the two pods while they are paused.
  case plain
  /// TCP between the two pods while they are allowed.
  case shortcut
  /// AF_UNIX between two processes of the machine: the limit.
  case unix
}
