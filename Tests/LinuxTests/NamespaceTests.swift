import Glibc
import Linux
import TestSupport
import Testing

@Suite struct NamespaceTests {
  @Test func ownNamespaceIsOwn() throws {
    #expect(NetworkNamespace.isOwn(path: NetworkNamespace.ownPath))
    for path in ["", "/nonexistent", "/proc/self/ns/mnt", "/dev/null"] {
      #expect(!NetworkNamespace.isOwn(path: path))
    }
  }

  @Test func cookieOfANamespaceStaysTheSame() throws {
    let own = try NetworkNamespace(path: NetworkNamespace.ownPath)
    let cookie = try own.cookie()
    #expect(cookie != 0)
    #expect(try own.cookie() == cookie)
  }

  @Test func fileThatIsNoNamespaceIsRefused() {
    let error = #expect(throws: LinuxError.self) {
      try NetworkNamespace(path: "/dev/null").cookie()
    }
    #expect(error?.code == EINVAL)
  }

  @Test(arguments: ["/proc", "/proc/self/stat", "/dev/zero"])
  func otherFileIsRefusedAndNotOpened(_ path: String) {
    let error = #expect(throws: LinuxError.self) { try NetworkNamespace(path: path).cookie() }
    #expect(error?.code == EINVAL)
  }

  @Test func pipeWithoutAWriterIsRefusedAtOnce() async throws {
    let path = "/tmp/shortcut-test-\(getpid()).fifo"
    try await Command("mkfifo", [path]).output()
    defer { _ = try? removeFile(path) }
    await #expect(processExitsWith: .success) {
      // Ends this process, should it wait.
      alarm(20)
      let path = "/tmp/shortcut-test-\(getppid()).fifo"
      let error = #expect(throws: LinuxError.self) { try NetworkNamespace(path: path).cookie() }
      #expect(error?.code == EINVAL)
      #expect(throws: LinuxError.self) { try appendLine("lost", to: path) }
    }
  }

  @Test func namespacePathIsNeverCreated() {
    let path = "/tmp/shortcut-test-no-such-namespace"
    #expect(throws: LinuxError.self) { try NetworkNamespace(path: path).cookie() }
    #expect(!exists(path))
  }

  @Test(.needsKernel) func rootControlGroupIsInTheMountTable() throws {
    let root = try ControlGroup.root()
    #expect(exists("\(root.path)/cgroup.procs"))
  }

  @Test(.needsKernel) func identifierLeadsBackToTheControlGroup() throws {
    let child = try ControlGroup.root().child(named: "shortcut-test-\(getpid())")
    defer { try? child.remove() }
    let identifier = try child.identifier()
    #expect(ControlGroup(identifier: identifier) == child)
    try child.remove()
    #expect(ControlGroup(identifier: identifier) == nil)
  }
}
