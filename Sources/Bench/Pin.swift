/// Which CPUs the two ends run on.
public enum Pin: String, Sendable, Hashable, CaseIterable {
  /// Both on the first: no idle CPU has to be woken.
  case same
  /// The client on the first, the server on the second.
  case cross
  /// Where the scheduler puts them.
  case none

  /// The words before a program that keep it on its CPU.
  func words(for role: Role) -> [String] {
    switch (self, role) {
    case (.none, _): []
    case (.cross, .server): ["taskset", "-c", "1"]
    case (.same, _), (.cross, .client): ["taskset", "-c", "0"]
    }
  }
}

/// The two ends of a connection.
enum Role: Sendable {
  case client
  case server
}
