import Testing

@testable import Agent

@Suite struct FlowDialogueTests {
  private static let hello: [UInt8] = [1, 0, 0, 8, 0, 0, 0, 9]
  private static let reply: [UInt8] = [1, 17, 0, 12, 0, 0, 0, 0, 0xff, 0xff, 0, 0]

  private func react(_ bytes: [UInt8]) throws -> Reaction<FlowDialogue.News> {
    var dialogue = FlowDialogue()
    return try dialogue.take(bytes)
  }

  @Test func greetingIsTwoWholeMessages() {
    var dialogue = FlowDialogue()
    let bytes = dialogue.greeting()
    #expect(bytes.prefix(8) == [1, 0, 0, 8, 0, 0, 0, 1])
    #expect(bytes.dropFirst(8).prefix(4) == [1, 16, 0, 40])
    #expect(bytes.count == 48)
  }

  @Test func helloAloneIsNoNews() throws {
    #expect(try react(Self.hello).news.isEmpty)
  }

  @Test func replyAndNotificationSayThatFlowsChanged() throws {
    #expect(try react(Self.hello + Self.reply).news == [.flowsChanged])
    #expect(try react([1, 4, 0, 16] + [UInt8](repeating: 0, count: 12)).news == [.flowsChanged])
  }

  @Test func messagesInPiecesAreUnderstood() throws {
    for cut in 0..<Self.reply.count {
      var dialogue = FlowDialogue()
      let first = try dialogue.take(Array(Self.reply[..<cut]))
      #expect(first.news.isEmpty)
      #expect(try dialogue.take(Array(Self.reply[cut...])).news == [.flowsChanged])
    }
  }

  @Test func bridgeThatAsksIsAnswered() throws {
    let reaction = try react([1, 2, 0, 10, 0, 0, 0, 5, 0xaa, 0xbb])
    #expect(reaction.answer == [1, 3, 0, 10, 0, 0, 0, 5, 0xaa, 0xbb])
    #expect(reaction.news.isEmpty)
  }

  @Test func refusedVersionIsExplained() {
    let error = #expect(throws: AgentError.self) {
      _ = try react([6, 1, 0, 12, 0, 0, 0, 1, 0, 0, 0, 0])
    }
    #expect(error?.reason.contains("OpenFlow10") == true)
  }

  @Test func impossibleLengthIsRefused() {
    #expect(throws: AgentError.self) { _ = try react([1, 0, 0, 7, 0, 0, 0, 0]) }
  }
}
