import Glibc
import Linux
import Testing

@Suite struct FileTests {
  @Test func missingFileNamesOperationPathAndErrno() {
    let error = #expect(throws: LinuxError.self) { try readText("/nonexistent/file") }
    #expect(error?.description == "open /nonexistent/file: No such file or directory (errno 2)")
  }

  @Test func contentBeyondTheLimitIsNil() throws {
    let file = try Descriptor.open("/dev/zero")
    #expect(try readAll(from: file.rawValue, subject: "/dev/zero", limit: 100_000) == nil)
  }

  @Test func contentOfTheLimitIsWhole() throws {
    let file = try Descriptor.open("/proc/self/comm")
    let content = try readAll(from: file.rawValue, subject: "comm", limit: 4096)
    #expect(content?.last == UInt8(ascii: "\n"))
  }

  @Test func appendedLinesAreKeptInOrder() throws {
    let path = "/tmp/shortcut-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).log"
    defer { _ = try? removeFile(path) }
    try appendLine("first", to: path)
    try appendLine("second", to: path)
    #expect(try readText(path) == "first\nsecond\n")
  }

  @Test func removingWhatIsAbsentIsNoError() throws {
    #expect(try removeFile("/tmp/shortcut-test-absent") == false)
    try removeDirectory("/tmp/shortcut-test-absent")
  }

  @Test func descriptorsAreClosedAtTheEndOfTheirScope() throws {
    let number: CInt
    do {
      let file = try Descriptor.open("/dev/null")
      number = file.rawValue
      #expect(fcntl(number, F_GETFD) != -1)
    }
    // Another test may have been given the number again: then it is not /dev/null.
    let path = "/proc/self/fd/\(number)"
    #expect(!exists(path) || fcntl(number, F_GETFD) != -1)
  }
}
