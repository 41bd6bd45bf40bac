/// One number that a client reports, and what it is called.
public struct Metric: Sendable, Hashable {
  /// `p50`, `stream`: with the suite and the size it is a key of the results.
  public let name: String
  /// `us`, `MB/s`, `Mb/s`, `per s`
  public let unit: String
  /// What to reach, if anything.
  public let goal: Goal?
  /// The member of the client's report.
  let member: String

  init(_ name: String, _ unit: String, from member: String, goal: Goal? = nil) {
    self.name = name
    self.unit = unit
    self.goal = goal
    self.member = member
  }

  /// Whether less of it is better.
  public var isBetterLower: Bool { unit == "us" }
}
