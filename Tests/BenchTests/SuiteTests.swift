import Testing

@testable import Bench

@Suite struct SuiteTests {
  @Test(arguments: Suite.allCases)
  func eachPointComparesPlainAndShortcut(suite: Bench.Suite) {
    let points = suite.points(sizes: [])
    #expect(!points.isEmpty)
    for point in points {
      #expect(point.ways.contains(.plain) && point.ways.contains(.shortcut))
      #expect(!point.metrics.isEmpty)
    }
  }

  @Test func chosenSizesReplaceTheSuitesOwn() {
    #expect(Suite.bulk.points(sizes: [100, 200]).map(\.size) == [100, 200])
    #expect(Suite.connect.points(sizes: [100]).map(\.size) == [100, nil])
  }

  @Test func smallWritesAreMeasuredWithAndWithoutNagle() {
    let names = Suite.small.points(sizes: [64]).flatMap(\.metrics).map(\.name)
    #expect(names == ["nagle", "nodelay"])
  }

  @Test func goalsBoundFromBothSides() {
    #expect(Goal.atMost(0.4).isMet(by: 0.4))
    #expect(!Goal.atMost(0.4).isMet(by: 0.41))
    #expect(Goal.atLeast(1.8).isMet(by: 1.8))
    #expect(!Goal.atLeast(1.8).isMet(by: 1.79))
  }
}
