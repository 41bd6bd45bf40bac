private import Glibc

/// Nanoseconds since boot, sleep not counted. The corresponding C clock is `CLOCK_MONOTONIC`.
public func monotonicNanoseconds() -> UInt64 {
  nanoseconds(of: CLOCK_MONOTONIC)
}

/// Nanoseconds since 1970. The corresponding C clock is `CLOCK_REALTIME`.
public func realtimeNanoseconds() -> UInt64 {
  nanoseconds(of: CLOCK_REALTIME)
}

private func nanoseconds(of clock: clockid_t) -> UInt64 {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
