import Glibc
import Linux
import TestSupport
import Testing

/// Files that take the place of others, and directories in which that is seen.
@Suite struct ReplacingTests {
  private func withDirectory(_ body: (String) throws -> Void) async throws {
    let directory = "/tmp/shortcut-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try makeDirectory(directory)
    let result = Result { try body(directory) }
    try await Command("rm", ["-r", directory]).output()
    try result.get()
  }

  private func write(_ text: String, to path: String) throws {
    let file = try Descriptor.open(path, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
    try writeAll(Array(text.utf8), to: file.rawValue, subject: path)
  }

  @Test func temporaryFileGoesWithItsOwner() async throws {
    try await withDirectory { directory in
      do {
        let file = try TemporaryFile(path: "\(directory)/a")
        try file.write([1])
        let path = file.path
        let error = #expect(throws: LinuxError.self) { _ = try TemporaryFile(path: path) }
        #expect(error?.code == EEXIST && exists(path))
      }
      #expect(try names(in: directory).isEmpty)
    }
  }

  @Test func exchangeGivesEachTheOthersFile() async throws {
    try await withDirectory { directory in
      try write("a", to: "\(directory)/a")
      try write("b", to: "\(directory)/b")
      try exchangeFiles("\(directory)/a", "\(directory)/b")
      #expect(try readText("\(directory)/a") == "b" && readText("\(directory)/b") == "a")
      let error = #expect(throws: LinuxError.self) {
        try exchangeFiles("\(directory)/a", "\(directory)/c")
      }
      #expect(error?.code == ENOENT)
    }
  }

  @Test func writerIsSeenWhileItHasTheFileOpen() async throws {
    try await withDirectory { directory in
      try write("a", to: "\(directory)/a")
      let reader = try Descriptor.open("\(directory)/a")
      let before = losesItsWriter(reader)
      let meanwhile = try {
        let writer = try Descriptor.open("\(directory)/a", flags: O_WRONLY)
        defer { withExtendedLifetime(writer.rawValue) {} }
        return reader.hasWriter()
      }()
      let after = losesItsWriter(reader)
      #expect(before && meanwhile == true && after)
    }
  }

  /// A child that another test is just starting has all descriptors until it becomes its program.
  private func losesItsWriter(_ file: borrowing Descriptor) -> Bool {
    for _ in 0..<1000 {
      if file.hasWriter() == false { return true }
      usleep(10_000)
    }
    return false
  }

  @Test func sharedLocksExcludeExclusiveOnesAlone() async throws {
    try await withDirectory { directory in
      let one = try Descriptor.open(directory)
      let two = try Descriptor.open(directory)
      let other = try Descriptor.open(directory)
      let isShared = try one.tryLock(.shared, subject: directory)
      let isSharedTwice = try two.tryLock(.shared, subject: directory)
      let isExclusive = try other.tryLock(.exclusive, subject: directory)
      #expect(isShared && isSharedTwice && !isExclusive)
    }
  }

  @Test func changesAndReadersAreSeenByName() async throws {
    try await withDirectory { directory in
      let watch = try DirectoryWatch([directory], reads: true)
      let nothing = try watch.events()
      #expect(nothing.isEmpty)
      try write("a", to: "\(directory)/name")
      #expect(try waitForInput([watch.descriptor.rawValue], milliseconds: 10_000) == [true])
      let changes = try watch.events()
      #expect(!changes.isEmpty && changes.allSatisfy { $0.name == "name" && !$0.isRead })
      _ = try readText("\(directory)/name")
      let reads = try watch.events().filter(\.isRead)
      #expect(reads.map(\.name) == ["name"])
    }
  }

  @Test(arguments: ["", "a", String(repeating: "x", count: 200_000)])
  func contentIsComparedToItsEnd(text: String) async throws {
    try await withDirectory { directory in
      let (one, other) = ("\(directory)/one", "\(directory)/other")
      try write(text, to: one)
      try write(text, to: other)
      #expect(try haveSameContent(one, other))
      try write(text + "y", to: other)
      #expect(try !haveSameContent(one, other))
      try write(text + "z", to: one)
      #expect(try !haveSameContent(one, other))
      let error = #expect(throws: LinuxError.self) { try haveSameContent(one, directory) }
      #expect(error?.code == EINVAL)
    }
  }
}
