import Testing

@testable import Installer

/// When putting the entry back becomes a fight.
struct RivalryTests {
  private let second: UInt64 = 1_000_000_000

  @Test func fiveTimesInHalfAMinuteAreNoFight() {
    var rivalry = Rivalry()
    for index in 1...5 {
      let isFight = rivalry.noteRepair(at: UInt64(index) * second)
      #expect(!isFight)
      #expect(rivalry.pause == 0)
    }
  }

  @Test func sixthTimeIsToldOnceAndThePauseGrows() {
    var rivalry = Rivalry()
    var told: [Int] = []
    var now: UInt64 = 0
    var pauses: [Int] = []
    for index in 1...14 {
      now += second + UInt64(rivalry.pause) * 1_000_000
      if rivalry.noteRepair(at: now) { told.append(index) }
      pauses.append(rivalry.pause)
    }
    #expect(told == [6])
    #expect(pauses == [0, 0, 0, 0, 0, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000])
  }

  @Test func slowRepairsAreNoFight() {
    var rivalry = Rivalry()
    for index in 1...50 {
      let isFight = rivalry.noteRepair(at: UInt64(index) * 7 * second)
      #expect(!isFight)
    }
  }

  @Test func calmEndsIt() {
    var rivalry = Rivalry()
    for index in 1...10 { _ = rivalry.noteRepair(at: UInt64(index) * second) }
    #expect(rivalry.pause == 16000)
    let isFight = rivalry.noteRepair(at: 100 * second)
    #expect(!isFight)
    #expect(rivalry.pause == 0)
  }
}
