import Datapath
import Testing

@Suite struct TCPMemoryTests {
  private static let sockets = """
    sockets: used 270
    TCP: inuse 7 orphan 0 tw 2 alloc 9 mem 40
    UDP: inuse 1 mem 70000

    """

  @Test func textsOfTheKernelAreRead() {
    let limits = "287898\t383867\t575796\n"
    let memory = TCPMemory(sockets: Self.sockets, limits: limits, uncounted: 768)
    #expect(memory == TCPMemory(pages: 40, pressure: 383_867, ample: 287_898, uncounted: 768))
  }

  @Test(arguments: ["", "TCP: inuse 7\n", "TCP: inuse 7 mem\n", "TCP: inuse 7 mem many\n"])
  func otherTextsTellNothing(sockets: String) {
    #expect(TCPMemory(sockets: sockets, limits: "1 2 3", uncounted: 0) == nil)
    #expect(TCPMemory(sockets: Self.sockets, limits: "1 2", uncounted: 0) == nil)
  }

  @Test func runningKernelTells() throws {
    let memory = try #require(TCPMemory.now)
    #expect(memory.ample <= memory.pressure && memory.uncounted > 0)
  }

  @Test func memoryStaysShortUntilItIsAmple() {
    var memory = TCPMemory(pages: 80, pressure: 100, ample: 50, uncounted: 20)
    #expect(!memory.isShort(was: false))
    memory.pages = 81
    #expect(memory.isShort(was: false))
    memory.pages = 31
    #expect(memory.isShort(was: true) && !memory.isShort(was: false))
    memory.pages = 30
    #expect(!memory.isShort(was: true))
  }
}
