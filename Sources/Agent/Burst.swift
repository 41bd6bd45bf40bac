/// Events of one kind within a while: what was written, and how many more there were.
struct Burst {
  /// When the while is over; nanoseconds.
  let end: UInt64
  private var written: Set<Event> = []
  private var common: Event?
  private var times = 0

  private static let tolerated = 5

  init(end: UInt64) {
    self.end = end
  }

  /// Whether an event is to be written; it is counted else.
  mutating func take(_ event: Event) -> Bool {
    guard written.contains(event) || written.count >= Self.tolerated else {
      written.insert(event)
      return true
    }
    times += 1
    guard common != nil else {
      common = event
      return false
    }
    common?.fields.removeAll { field in
      !event.fields.contains { $0.key == field.key && $0.value == field.value }
    }
    return false
  }

  /// What those that were counted have in common, and how many they are; nil when there are none.
  var summary: Event? {
    guard var event = common else { return nil }
    event.fields.append((key: "repeated", value: "\(times)"))
    return event
  }

  /// The next while of a burst that goes on, with the same lines written; nil when it has ended.
  func continued(until end: UInt64) -> Burst? {
    guard common != nil else { return nil }
    var next = Burst(end: end)
    next.written = written
    return next
  }
}
