import Testing

@testable import Plugin

@Suite struct TimestampTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
    (951_782_400, "2000-02-29T00:00:00Z"), (951_868_800, "2000-03-01T00:00:00Z"),
    (1_735_689_599, "2024-12-31T23:59:59Z"), (1_709_210_096, "2024-02-29T12:34:56Z"),
    (4_107_542_400, "2100-03-01T00:00:00Z"),
  ])
  func timeIsWrittenAsRFC3339(seconds: UInt64, text: String) {
    #expect(timestamp(nanoseconds: seconds * 1_000_000_000 + 999_999_999) == text)
  }
}
