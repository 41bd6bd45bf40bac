import Glibc
import Linux
import Testing

@Suite struct EventTests {
  private let path = "/tmp/shortcut-events-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

  @Test func socketWakesWithItsTokenWhenSomethingCame() throws {
    defer { _ = try? removeFile(path) }
    let epoll = try Epoll()
    let listener = try Socket.listen(on: path)
    try epoll.add(listener.rawValue, token: 7)
    #expect(try epoll.wait(until: 0).isEmpty)
    let client = try Socket.connect(to: path)
    #expect(try epoll.wait(until: nil) == [7])
    let accepted = try listener.accept()
    guard let accepted else {
      Issue.record("nobody was accepted")
      return
    }
    #expect(try client.read() == nil)
    try accepted.write([1, 2, 3])
    #expect(try client.read(within: 10_000) == [1, 2, 3])
    _ = consume accepted
    #expect(try client.read(within: 10_000) == [])
  }

  @Test func socketIsForItsOwnerAlone() throws {
    defer { _ = try? removeFile(path) }
    let listener = try Socket.listen(on: path)
    defer { withExtendedLifetime(listener) {} }
    #expect(try ChildProcess(["stat", "-c", "%a", path]).readLine() == "600")
  }

  @Test func listenersOfManyThreadsLeaveTheUmaskAlone() async throws {
    func umask() throws -> Substring? {
      try readText("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("Umask:") }
    }
    let before = try umask()
    await withTaskGroup { group in
      for index in 0..<200 {
        group.addTask { [path] in
          _ = try? Socket.listen(on: "\(path)-\(index)")
          _ = try? removeFile("\(path)-\(index)")
        }
      }
    }
    #expect(before != nil)
    #expect(try umask() == before)
  }

  @Test func missingSocketIsNamed() {
    let error = #expect(throws: LinuxError.self) { _ = try Socket.connect(to: path) }
    #expect(error?.operation == "connect")
    #expect(error?.subject == path)
    #expect(error?.code == ENOENT)
  }

  @Test func longPathIsRefused() {
    let long = "/" + String(repeating: "x", count: 200)
    let error = #expect(throws: LinuxError.self) { _ = try Socket.connect(to: long) }
    #expect(error?.code == ENAMETOOLONG)
  }

  @Test func deadlineEndsTheWait() throws {
    let start = monotonicNanoseconds()
    #expect(try Epoll().wait(until: start + 20_000_000).isEmpty)
    #expect(monotonicNanoseconds() >= start + 20_000_000)
  }

  @Test func changesOfAWatchedDirectoryWake() throws {
    try makeDirectory(path)
    defer { try? removeDirectory(path) }
    let epoll = try Epoll()
    let inotify = try Inotify()
    try epoll.add(inotify.rawValue, token: 1)
    try inotify.watch(path)
    let file = "\(path)/file"
    let steps: [() throws -> Void] = [
      { try appendLine("x", to: file) }, { try setTimesToNow(file) },
      { _ = try removeFile(file) },
    ]
    for step in steps {
      try step()
      #expect(try epoll.wait(until: nil) == [1])
      try inotify.drain()
      #expect(try epoll.wait(until: 0).isEmpty)
    }
  }
}
