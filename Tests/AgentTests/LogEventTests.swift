import Testing

@testable import Agent

@Suite struct LogEventTests {
  @Test func eventIsOneLineOfKeysAndValues() {
    let event = Event(.warn, "away", ["socket": "/run/x.sock", "error": "no answer"])
    #expect(event.description == #"level=warn event=away socket=/run/x.sock error="no answer""#)
  }

  /// A pod's name or an error may hold anything: none can forge a second line or field.
  @Test func valuesCannotForgeFieldsOrLines() {
    let event = Event(.info, "hold", ["pod": "a\nlevel=error", "reason": #"x" y="z\"#, "none": ""])
    #expect(
      event.description
        == #"level=info event=hold pod="a\nlevel=error" reason="x\" y=\"z\\" none="""#)
  }
}
