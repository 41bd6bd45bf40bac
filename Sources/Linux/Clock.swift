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

/// Suspends the calling thread. The corresponding C function is `nanosleep`.
public func sleepMilliseconds(_ milliseconds: Int) {
  var time = timespec(
    tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
  unsafe nanosleep(&time, nil)
}
