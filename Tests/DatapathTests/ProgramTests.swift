import BPF
import Programs
import Testing

@testable import Datapath

/// What the embedded object must hold; needs no privileges.
@Suite struct ProgramTests {
  private func object() throws -> BPFObject {
    let image = ProgramImage.shortcut
    return try BPFObject(words: image.words, byteCount: image.byteCount, name: "shortcut")
  }

  @Test(arguments: MapName.allCases)
  func everyMapIsInTheObject(map: MapName) throws {
    let object = try object()
    try object.setPin("/sys/fs/bpf/x/\(map.rawValue)", ofMap: map.rawValue)
  }

  @Test(arguments: PeerAccess.allCases)
  func everyMessageProgramIsInTheObject(access: PeerAccess) throws {
    let object = try object()
    try object.setAutoload(true, ofProgram: access.program)
  }

  @Test func unknownNamesAreErrors() throws {
    let object = try object()
    #expect(throws: BPFError.self) { try object.setAutoload(true, ofProgram: "no_such_program") }
    #expect(throws: BPFError.self) { try object.setCapacity(1, ofMap: "no_such_map") }
  }
}
