import Glibc
import Linux
import Testing

@testable import Agent

/// Against a runtime that answers as it is told.
@Suite struct RuntimeTests {
  private let path = "/tmp/shortcut-runtime-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

  /// Settings, headers, the message, trailers.
  private static func answer(_ message: [UInt8]) -> [UInt8] {
    [0, 0, 0, 4, 0, 0, 0, 0, 0] + [0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88]
      + [0, 0, UInt8(message.count + 5), 0, 0, 0, 0, 0, 1]
      + [0, 0, 0, 0, UInt8(message.count)] + message + [0, 0, 1, 1, 5, 0, 0, 0, 1, 0x88]
  }

  /// What is listed while somebody on the other side says `answer` and goes.
  private func list(_ answer: [UInt8]) async throws -> Result<[Sandbox], AgentError> {
    let listener = Box(try Socket.listen(on: path))
    defer { _ = try? removeFile(path) }
    let served = Task.detached {
      for _ in 0..<1000 {
        if let connection = try listener.socket.accept() {
          _ = try connection.read(within: 10_000)
          return try connection.write(answer)
        }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    let runtime = try #require(Runtime(.at(path)))
    let result = Result { () throws(AgentError) in try runtime.sandboxes() }
    try await served.value
    return result
  }

  @Test func podsAreListed() async throws {
    let metadata: [UInt8] = [0x0a, 1, 0x77, 0x1a, 1, 0x6e]
    let message: [UInt8] =
      [0x0a, UInt8(metadata.count + 2), 0x12, UInt8(metadata.count)] + metadata
    #expect(try await list(Self.answer(message)).get().map(\.title) == ["n/w"])
    #expect(try await list(Self.answer([])).get().isEmpty)
  }

  @Test func runtimeThatServesSomethingElseIsNamed() async throws {
    for answer in [[0, 0, 1, 1, 5, 0, 0, 0, 1, 0x88], [], Self.answer([0xff])] as [[UInt8]] {
      let result = try await list(answer)
      let error = #expect(throws: AgentError.self) { _ = try result.get() }
      #expect(error?.subject == path)
    }
  }

  @Test func nodeWithoutARuntimeIsNoFault() {
    #expect(Runtime(.none) == nil)
  }
}

private final class Box: Sendable {
  let socket: Socket

  init(_ socket: consuming Socket) { self.socket = socket }
}
