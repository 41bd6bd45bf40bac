import Linux
import Testing

@Suite struct ProcessTableTests {
  @Test func ownSocketsAreFound() throws {
    let name = try String(readText("/proc/self/comm").prefix { !$0.isNewline })
    let before = sockets(of: name)
    let connection = try LoopbackConnection()
    #expect(sockets(of: name).subtracting(before).count >= 2)
    _ = try connection.server.receiveQueueMemory()
  }

  @Test func caughtSignalsAreRead() async throws {
    let entries = ProcessTable.entries()
    #expect(entries.contains { $0.caughtSignals != 0 })
    #expect(entries.contains { $0.caughtSignals == 0 })
  }

  private func sockets(of name: String) -> Set<UInt64> {
    Set(ProcessTable.entries().filter { $0.name == name }.flatMap(\.socketInodes))
  }
}
