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

  /// What is listed when a process on the other side says `answer` to the first words and goes.
  private func list(_ answer: [UInt8]) throws -> Result<[Sandbox], AgentError> {
    let program = """
      import socket, sys
      s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()
      print("ready", flush=True)
      c, _ = s.accept(); c.recv(65536); c.sendall(bytes(map(int, sys.argv[2:])))
      c.shutdown(socket.SHUT_WR); c.recv(65536)
      """
    let server = try ChildProcess(["python3", "-c", program, path] + answer.map(String.init))
    defer { _ = try? removeFile(path) }
    #expect(try server.readLine() == "ready")
    let runtime = try #require(Runtime(.at(path)))
    return Result { () throws(AgentError) in try runtime.sandboxes() }
  }

  @Test func podsAreListed() throws {
    let metadata: [UInt8] = [0x0a, 1, 0x77, 0x1a, 1, 0x6e]
    let size = UInt8(metadata.count)
    let message: [UInt8] = [0x0a, size + 2, 0x12, size] + metadata
    #expect(try list(Self.answer(message)).get().map(\.title) == ["n/w"])
    #expect(try list(Self.answer([])).get().isEmpty)
  }

  @Test func runtimeThatServesSomethingElseIsNamed() throws {
    for answer in [[0, 0, 1, 1, 5, 0, 0, 0, 1, 0x88], [], Self.answer([0xff])] as [[UInt8]] {
      let result = try list(answer)
      let error = #expect(throws: AgentError.self) { _ = try result.get() }
      #expect(error?.subject == path)
    }
  }

  @Test func nodeWithoutARuntimeIsNoFault() {
    #expect(Runtime(.none) == nil)
  }
}
