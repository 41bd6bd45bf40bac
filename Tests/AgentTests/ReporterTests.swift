import Datapath
import Glibc
import JSON
import Linux
import Testing

@testable import Agent

@Suite struct ReporterTests {
  private let settings = Settings(
    pins: PinDirectory(
      path: "/no/bpffs/shortcut-report-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"))

  @Test func nobodyRunsWhereNothingAnswers() throws {
    #expect(AgentReport.fetch(for: settings.pins) == nil)
  }

  @Test func secondAgentIsRefusedWhileTheFirstLives() throws {
    var first: Reporter? = try Reporter(settings)
    let error = #expect(throws: AgentError.self) { _ = try Reporter(settings) }
    #expect(error?.reason == "another shortcutd is running")
    #expect(error?.meansAnotherRuns == true)
    first = nil
    _ = first
    _ = try Reporter(settings)
    #expect(!exists(settings.runDirectory))
  }

  /// As where /run is read-only: the agent does its work all the same.
  @Test func directoryThatCannotBeMadeIsNoOtherAgent() {
    let name = String(repeating: "x", count: 300)
    let error = #expect(throws: AgentError.self) {
      _ = try Reporter(Settings(pins: PinDirectory(path: "/no/bpffs/\(name)")))
    }
    #expect(error?.meansAnotherRuns == false)
  }

  /// As after kill -9.
  @Test func socketThatWasLeftIsTakenOver() throws {
    try makeDirectory(settings.runDirectory)
    do {
      let left = try Socket.listen(on: settings.socket)
      _ = consume left
    }
    #expect(exists(settings.socket))
    #expect(AgentReport.fetch(for: settings.pins) == nil)
    _ = try Reporter(settings)
  }
}
