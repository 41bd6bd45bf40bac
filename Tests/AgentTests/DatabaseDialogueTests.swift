import JSON
import Testing

@testable import Agent

@Suite struct DatabaseDialogueTests {
  private func react(_ text: String) throws -> Reaction<DatabaseDialogue.News> {
    var dialogue = DatabaseDialogue()
    return try dialogue.take(Array(text.utf8))
  }

  @Test func greetingAsksForWhatMatters() throws {
    var dialogue = DatabaseDialogue()
    let request = try JSONValue(parsing: dialogue.greeting())
    #expect(request["method"] == "monitor")
    let tables = try #require(request["params"]?.elements?.last)
    #expect(tables.members?.map(\.0) == ["Interface", "Port", "QoS", "Mirror"])
    #expect(tables["Port"]?["columns"] == ["interfaces", "qos"])
  }

  @Test func answerIsASnapshotAndNotificationsAreUpdates() throws {
    let answer = #"{"id":"monitor","error":null,"result":{"Port":{}}}"#
    let update = #"{"id":null,"method":"update","params":["shortcut",{"QoS":{}}]}"#
    let news = try react(answer + update).news
    #expect(news == [.snapshot(["Port": [:]]), .update(["QoS": [:]])])
  }

  @Test func serverThatAsksIsAnswered() throws {
    let reaction = try react(#"{"id":"e1","method":"echo","params":[7]}"#)
    #expect(reaction.news.isEmpty)
    #expect(
      try JSONValue(parsing: reaction.answer) == ["id": "e1", "result": [7], "error": nil])
  }

  @Test func answerToAProbeIsNoNews() throws {
    #expect(try react(#"{"id":"probe","result":[],"error":null}"#).news.isEmpty)
  }

  @Test func refusalNamesTheServersReason() {
    let answer = #"{"id":"monitor","result":null,"error":{"error":"unknown database"}}"#
    let error = #expect(throws: AgentError.self) { _ = try react(answer) }
    #expect(error?.description.contains("unknown database") == true)
  }

  @Test(arguments: ["HTTP/1.1 400 Bad Request", "{]", "}"])
  func somethingElseThanJSONIsRefused(text: String) {
    #expect(throws: AgentError.self) { _ = try react(text) }
  }
}
