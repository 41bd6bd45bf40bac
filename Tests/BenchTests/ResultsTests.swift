import JSON
import Testing

@testable import Bench

@Suite struct ResultsTests {
  private let latency = Metric("p50", "us", from: "p50_us", goal: .atMost(0.4))

  private func results(shortcut: [Double]) -> Results {
    var results = Results(plan: Plan())
    for (way, samples) in [(Way.plain, [10.0, 12, 8]), (.shortcut, shortcut)] {
      for sample in samples {
        results.add(sample, of: latency, size: 64, suite: .latency, way: way)
      }
    }
    results.addTraffic(of: latency, size: 64, suite: .latency, way: .shortcut) {
      $0.pairs = 3
      $0.shortcutBytes = 75
      $0.stackBytes = 25
    }
    return results
  }

  @Test func samplesOfOneKeyMakeOneSeries() {
    let series = results(shortcut: [4, 3, 5]).series
    #expect(series.count == 1)
    #expect(series.first?.ratio == 0.4)
    #expect(series.first?.ratioRange == 0.25...0.625)
    #expect(series.first?.isGoalMet == true)
  }

  @Test func missedGoalIsTold() {
    #expect(results(shortcut: [4.1, 4.1, 4.1]).series.first?.isGoalMet == false)
    #expect(results(shortcut: []).series.first?.isGoalMet == nil)
  }

  @Test func documentHasTheMembersOfTheSchema() throws {
    let document = results(shortcut: [4, 3, 5]).document(kernel: "6.18", processors: 2)
    #expect(document["schema"]?.integerValue == 1)
    let element = try #require(document["results"]?.elements?.first)
    #expect(
      element.members?.map(\.0) == [
        "road", "pin", "suite", "metric", "unit", "size", "better", "plain", "shortcut", "median",
        "spread", "ratio", "ratio_range", "pairs", "carried", "goal",
      ])
    #expect(element["plain"]?.elements?.compactMap(\.realValue) == [10, 12, 8])
    #expect(element["median"]?["shortcut"]?.realValue == 4)
    #expect(element["carried"]?["shortcut"]?.realValue == 0.75)
    #expect(element["goal"]?["met"]?.boolValue == true)
  }

  @Test func tableHasALineForEachSeries() {
    let lines = results(shortcut: [4, 3, 5]).lines
    #expect(lines.count == 2)
    #expect(lines.last?.hasSuffix("75%      <= 0.4 met") == true, "\(lines)")
  }
}
