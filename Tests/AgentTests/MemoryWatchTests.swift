import Testing

@testable import Agent

@Suite struct MemoryWatchTests {
  private static let second: UInt64 = 1_000_000_000

  @Test func ampleMemoryIsLookedAtOnceASecondAndNobodyIsWoken() {
    var watch = MemoryWatch()
    var looks = 0
    for now in stride(from: 0, to: 10 * Self.second, by: Int(Self.second / 20)) {
      #expect(
        !watch.elapse(now: now) { was in
          looks += was ? 100 : 1
          return false
        })
    }
    #expect(looks == 10)
  }

  @Test func shortMemoryWakesUntilTwoSecondsAfterIt() {
    var watch = MemoryWatch()
    var wakes: [UInt64] = []
    for now in stride(from: 0, to: 10 * Self.second, by: Int(Self.second / 20))
    where watch.elapse(now: now, isShort: { _ in now < 3 * Self.second }) {
      wakes.append(now)
    }
    #expect(wakes.first == 0)
    #expect(zip(wakes, wakes.dropFirst()).allSatisfy { $1 - $0 == Self.second / 4 })
    let last = 3 * Self.second - Self.second / 4
    #expect(wakes.last == last + 2 * Self.second)
    #expect(watch.deadline > 10 * Self.second - Self.second)
  }

  @Test func lookIsToldWhatWasBefore() {
    var watch = MemoryWatch()
    var told: [Bool] = []
    for _ in 0..<3 {
      _ = watch.elapse(now: watch.deadline) { was in
        told.append(was)
        return told.count == 1
      }
    }
    #expect(told == [false, true, false])
  }
}
