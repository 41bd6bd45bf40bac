import Testing

@testable import Bench

@Suite struct StatisticsTests {
  @Test func medianIsTheMiddleOrTheMeanOfTwo() {
    #expect(median([3, 1, 2]) == 2)
    #expect(median([4, 1, 2, 3]) == 2.5)
    #expect(median([7]) == 7)
    #expect(median([]) == 0)
  }

  @Test func spreadIsRelativeToTheMedian() {
    #expect(spread([8, 10, 13]) == 0.5)
    #expect(spread([0, 0]) == 0)
  }

  @Test func ratiosAreOfSamplesOfOneRound() {
    #expect(ratioRange([2, 9], to: [1, 3]) == 2...3)
    #expect(ratioRange([2, 9], to: [0, 3]) == 3...3)
    #expect(ratioRange([], to: [1]) == nil)
  }

  @Test(arguments: [
    (0.004, "0.00"), (2.006, "2.01"), (12.34, "12.3"), (99.96, "100.0"), (1234.5, "1235"),
  ])
  func numbersHaveThreeDigits(value: Double, text: String) {
    #expect(number(value) == text)
  }
}
