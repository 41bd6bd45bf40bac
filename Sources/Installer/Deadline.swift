internal import Linux

/// A point in time.
struct Deadline {
  private let end: UInt64

  init(milliseconds: Int) {
    end = monotonicNanoseconds() + UInt64(milliseconds) * 1_000_000
  }

  init(seconds: Int) {
    self.init(milliseconds: seconds * 1000)
  }

  var isOver: Bool {
    monotonicNanoseconds() >= end
  }

  /// Milliseconds until then, 0 when it is over.
  var remaining: Int {
    let now = monotonicNanoseconds()
    return now >= end ? 0 : Int((end - now) / 1_000_000) + 1
  }
}
