import Testing

@testable import Agent

@Suite struct PacerTests {
  private let interval: UInt64 = 1000

  /// When turns are taken between two times, if somebody asks all the time.
  private func turns(_ pacer: inout Pacer, in times: Range<UInt64>) -> [UInt64] {
    times.filter { pacer.takeTurn(now: $0) }
  }

  @Test func nothingIsDueWithoutAChange() {
    var pacer = Pacer(interval: interval)
    #expect(pacer.deadline == nil)
    #expect(turns(&pacer, in: 0..<5000).isEmpty)
  }

  @Test func changeIsActedOnAtOnceAndTwiceAfterwards() {
    var pacer = Pacer(interval: interval)
    pacer.noteChange()
    #expect(turns(&pacer, in: 500..<10_000) == [500, 1500, 2500])
    #expect(pacer.deadline == nil)
  }

  @Test func changesWithoutEndTakeOneTurnAnInterval() {
    var pacer = Pacer(interval: interval)
    var taken: [UInt64] = []
    for now in UInt64(0)..<3500 {
      pacer.noteChange()
      if pacer.takeTurn(now: now) { taken.append(now) }
    }
    #expect(taken == [0, 1000, 2000, 3000])
  }

  @Test func changeBetweenTurnsIsFollowedByThreeMore() {
    var pacer = Pacer(interval: interval)
    pacer.noteChange()
    #expect(turns(&pacer, in: 0..<1500) == [0, 1000])
    pacer.noteChange()
    #expect(turns(&pacer, in: 1500..<9000) == [2000, 3000, 4000])
  }
}
