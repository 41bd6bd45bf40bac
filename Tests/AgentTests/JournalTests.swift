import JSON
import Testing

@testable import Agent

/// What becomes of events in the log.
@Suite struct JournalTests {
  private static let second: UInt64 = 1_000_000_000

  private final class Sheet {
    var lines: [String] = []
  }

  /// The lines of a journal, which gets events at seconds.
  private final class Page {
    let journal: Journal
    private let sheet = Sheet()

    var lines: [String] { sheet.lines }

    init(level: Event.Level = .info, format: Settings.LogFormat = .text) {
      var settings = Settings()
      (settings.logLevel, settings.logFormat) = (level, format)
      let sheet = sheet
      journal = Journal(settings) { sheet.lines.append($0) }
    }

    func note(_ event: Event, at second: UInt64) {
      journal.note(event, now: second * JournalTests.second)
    }

    func elapse(to second: UInt64) { journal.elapse(now: second * JournalTests.second) }
  }

  private func fault(_ text: String) -> Event { Event(.error, "revalidate", ["error": text]) }

  private func adoption(_ pod: Int) -> Event {
    Event(.info, "adopt", ["pod": "default/p\(pod)", "sockets": "all"])
  }

  @Test func lastingFaultIsALineInTenSeconds() {
    let page = Page()
    for second in 0..<25 { page.note(fault("no memory"), at: UInt64(second)) }
    #expect(
      page.lines == [
        #"level=error event=revalidate error="no memory""#,
        #"level=error event=revalidate error="no memory" repeated=9"#,
        #"level=error event=revalidate error="no memory" repeated=10"#,
      ])
    #expect(page.journal.deadline == 30 * Self.second)
    page.elapse(to: 30)
    #expect(page.lines.last?.hasSuffix("repeated=5") == true)
    #expect(page.journal.deadline == nil)
  }

  @Test func manyPodsAreNamedUpToFiveAndThenCounted() {
    let page = Page()
    for pod in 0..<1000 { page.note(adoption(pod), at: 1) }
    #expect(page.lines.count == 5)
    page.elapse(to: 10)
    #expect(page.lines.count == 5)
    page.elapse(to: 11)
    #expect(page.lines.count == 6)
    #expect(page.lines.last == "level=info event=adopt sockets=all repeated=995")
  }

  @Test func eventsFarApartAreAllWritten() {
    let page = Page()
    for time: UInt64 in [0, 11, 22, 33] { page.note(fault("again"), at: time) }
    #expect(page.lines.count == 4)
    #expect(page.lines.allSatisfy { !$0.contains("repeated") })
  }

  @Test func kindsAreCountedApart() {
    let page = Page()
    for _ in 0..<3 {
      page.note(fault("one"), at: 0)
      page.note(Event(.warn, "away", ["socket": "/run/x"]), at: 0)
    }
    #expect(page.lines.count == 2)
    page.journal.finish()
    #expect(page.lines.count == 4)
    #expect(page.lines.dropFirst(2).allSatisfy { $0.hasSuffix("repeated=2") })
  }

  @Test func whatMattersLessIsNotWritten() {
    let page = Page(level: .warn)
    page.note(adoption(1), at: 0)
    page.note(Event(.warn, "away"), at: 0)
    page.note(fault("x"), at: 0)
    #expect(page.lines.map { $0.prefix(11) } == ["level=warn ", "level=error"])
  }

  @Test func linesOfJSONHaveTheSameMembers() throws {
    let page = Page(format: .json)
    page.note(Event(.info, "hold", ["pod": "a\nb", "event": "forged"]), at: 0)
    let document = try JSONValue(parsing: Array(try #require(page.lines.first).utf8))
    #expect(document == ["level": "info", "event": "hold", "pod": "a\nb"])
    #expect(page.lines.first?.contains("\n") == false)
  }
}
