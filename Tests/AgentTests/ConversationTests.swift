import Glibc
import JSON
import Linux
import Testing

@testable import Agent

/// Against a server that fails in ways that a real one seldom does.
@Suite struct ConversationTests {
  private let path = "/tmp/shortcut-talk-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  private let second: UInt64 = 1_000_000_000
  private let answer = #"{"id":"monitor","error":null,"result":{}}"#

  private func conversation() -> Conversation<DatabaseDialogue> {
    Conversation(path: path, token: 1)
  }

  private func listen() throws -> Socket {
    _ = try removeFile(path)
    return try Socket.listen(on: path)
  }

  @Test func nobodyThereIsAFaultAndTriedAgainLaterAndLater() throws {
    let epoll = try Epoll()
    let conversation = conversation()
    var delays: [UInt64] = []
    var now: UInt64 = 0
    for _ in 0..<9 {
      now = conversation.deadline
      conversation.elapse(epoll, now: now)
      delays.append((conversation.deadline - now) / 1_000_000)
    }
    #expect(delays == [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000])
    #expect(conversation.fault?.description.contains(path) == true)
    #expect(!conversation.isEstablished)
    #expect(conversation.failures == 9)
  }

  @Test func serverThatComesBackIsTalkedToAgain() throws {
    defer { _ = try? removeFile(path) }
    let epoll = try Epoll()
    let conversation = conversation()
    for _ in 0..<2 {
      let listener = try listen()
      conversation.elapse(epoll, now: conversation.deadline)
      guard let server = try listener.accept() else {
        Issue.record("nobody called")
        return
      }
      #expect(try server.read(within: 10_000)?.isEmpty == false)
      try server.write(Array(answer.utf8))
      #expect(try epoll.wait(until: nil) == [1])
      #expect(conversation.receive(now: second) == [.snapshot([:])])
      #expect(conversation.isEstablished)
      #expect(conversation.fault == nil)
      _ = consume server
      #expect(try epoll.wait(until: nil) == [1])
      #expect(conversation.receive(now: second).isEmpty)
      #expect(!conversation.isEstablished)
      #expect(conversation.fault != nil)
    }
  }

  @Test func silentServerIsAskedAndThenGivenUp() throws {
    defer { _ = try? removeFile(path) }
    let listener = Listener(try listen())
    let epoll = try Epoll()
    let conversation = conversation()
    conversation.elapse(epoll, now: 0)
    let asked = conversation.deadline
    #expect(asked == 10 * second)
    conversation.elapse(epoll, now: asked)
    #expect(conversation.fault == nil)
    #expect(conversation.deadline == 20 * second)
    conversation.elapse(epoll, now: 20 * second)
    #expect(conversation.fault?.reason == "no answer")
    withExtendedLifetime(listener) {}
  }

  @Test func serverThatTalksNonsenseIsLeft() throws {
    defer { _ = try? removeFile(path) }
    let listener = try listen()
    let epoll = try Epoll()
    let conversation = conversation()
    conversation.elapse(epoll, now: 0)
    let server = try listener.accept()
    try server?.write(Array("no json".utf8))
    #expect(try epoll.wait(until: nil) == [1])
    #expect(conversation.receive(now: second).isEmpty)
    #expect(conversation.fault?.operation == "read")
  }
}

private final class Listener {
  private let socket: Socket

  init(_ socket: consuming Socket) { self.socket = socket }
}
