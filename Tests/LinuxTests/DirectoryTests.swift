import Glibc
import Testing

@testable import Linux

@Suite struct DirectoryTests {
  private let path = "/tmp/shortcut-directory-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

  @Test func newDirectoryIsItsOwnersAlone() throws {
    try makeDirectory(path)
    defer { try? removeDirectory(path) }
    #expect(try FileStatus(path: path).mode == 0o700)
    try makeDirectory(path)
  }

  @Test(arguments: [0o720, 0o702, 0o777, 0o1777])
  func directoryThatOthersMayWriteIsRefused(mode: UInt32) throws {
    try makeDirectory(path)
    defer { try? removeDirectory(path) }
    unsafe #expect(chmod(path, mode) == 0)
    let error = #expect(throws: LinuxError.self) { try makeDirectory(path) }
    #expect(error?.code == EPERM)
    unsafe #expect(chmod(path, 0o755) == 0)
    try makeDirectory(path)
  }

  @Test(.enabled("needs root") { geteuid() == 0 })
  func directoryOfAnotherUserIsRefused() throws {
    try makeDirectory(path)
    defer { try? removeDirectory(path) }
    unsafe #expect(chown(path, 1, 0) == 0)
    let error = #expect(throws: LinuxError.self) { try makeDirectory(path) }
    #expect(error?.code == EPERM)
    #expect(error?.subject.contains("user 1") == true)
  }

  @Test func linkToADirectoryIsRefused() throws {
    unsafe #expect(symlink("/tmp", path) == 0)
    defer { _ = try? removeFile(path) }
    let error = #expect(throws: LinuxError.self) { try makeDirectory(path) }
    #expect(error?.code == ENOTDIR)
  }
}
