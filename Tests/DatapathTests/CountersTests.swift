import CShortcut
import Testing

@testable import Datapath

@Suite struct CountersTests {
  @Test func processorsAddUpAndReasonsKeepTheirPlaces() {
    var one = shortcut_counters()
    var other = shortcut_counters()
    one.pairs = 2
    other.pairs = 3
    one.leaves.1 = 5
    other.leaves.7 = 1
    other.refusals.0 = 4
    let sum = Counters([one, other])
    #expect(sum.pairs == 5)
    #expect(sum.leaves(for: .queue) == 5)
    #expect(sum.leaves(for: .upperLayer) == 1)
    #expect(sum.refusals(for: .blockingClient) == 4)
  }

  @Test func reasonsAreAsManyAsTheInterfaceHas() {
    #expect(LeaveReason.allCases.count + 1 == Int(SHORTCUT_LEAVES.rawValue))
    #expect(RefusalReason.allCases.count == Int(SHORTCUT_REFUSALS.rawValue))
    #expect(EvictionReason.allCases.count == Int(SHORTCUT_EVICTIONS.rawValue))
  }
}
