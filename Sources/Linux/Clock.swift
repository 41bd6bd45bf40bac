private import Glibc

/// Nanoseconds since boot, sleep not counted. The corresponding C clock is `CLOCK_MONOTONIC`.
public func monotonicNanoseconds() -> UInt64 {
  nanoseconds(of: CLOCK_MONOTONIC)
}

/// `CLOCK_MONOTONIC` as the kernel itself and BPF programs have it, though this process be in a time
/// namespace. The corresponding file is `/proc/self/timens_offsets`.
public func kernelNanoseconds() -> UInt64 {
  UInt64(bitPattern: Int64(bitPattern: monotonicNanoseconds()) &- namespaceOffset)
}

private let namespaceOffset: Int64 = {
  let table = (try? readText("/proc/self/timens_offsets")) ?? ""
  return monotonicOffset(in: table)
}()

/// What a time namespace adds, in nanoseconds; a line is clock, seconds, nanoseconds.
func monotonicOffset(in table: String) -> Int64 {
  for line in table.split(separator: "\n") {
    let fields = line.split(separator: " ")
    guard fields.count == 3, fields[0] == "monotonic" || fields[0] == "1",
      let seconds = Int64(fields[1]), let nanoseconds = Int64(fields[2])
    else { continue }
    return seconds * 1_000_000_000 + nanoseconds
  }
  return 0
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
