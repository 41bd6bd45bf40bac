import Linux
import Testing

@Suite struct ProcessTableTests {
  @Test func socketsOfAProgramAreFoundByItsName() throws {
    let own = try readText("/proc/self/comm").prefix { !$0.isNewline }
    let before = Set(ProcessTable.socketInodes(ofProgramsNamed: [String(own)]))
    let connection = try LoopbackConnection()
    let after = Set(ProcessTable.socketInodes(ofProgramsNamed: [String(own)]))
    #expect(after.subtracting(before).count >= 2)
    #expect(ProcessTable.socketInodes(ofProgramsNamed: ["no such program"]).isEmpty)
    withExtendedLifetime(connection) {}
  }
}
