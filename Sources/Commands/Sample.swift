import Datapath
import Linux

/// What is counted at one moment.
struct Sample {
  let counters: Counters
  let connections: [Connection]
  /// `CLOCK_MONOTONIC`, nanoseconds.
  let time: UInt64

  /// Reads the pins. Throws ``DatapathError``; `ENOENT` when they are gone.
  init(
    _ source: borrowing ConnectionSource, _ pins: PinDirectory, _ matches: (Connection) -> Bool
  ) throws(DatapathError) {
    counters = try Status(pins).counters
    connections = try source.list().connections.filter(matches)
    time = monotonicNanoseconds()
  }
}
