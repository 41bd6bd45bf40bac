import Glibc
import Linux
import TestSupport
import Testing

@testable import Installer

/// Who writes a file at the worst moment: after it was found unchanged, before it is replaced.
@Suite(.timeLimit(.minutes(1))) struct ReplacementTests {
  private static let (old, new, rival) = ("old text", "new text", "text of a rival")

  /// Replaces `old` by `new` while a shell runs a script at that moment.
  private func replace(
    before script: String = "true", in node: ScratchNode
  ) throws -> ConfigurationFile.Replacement {
    let file = try ConfigurationFile(path: node.path("file"))
    return try file.replace(by: Array(Self.new.utf8)) {
      let words = ["/bin/bash", "-euc", script, node.path("file"), Self.rival, Self.old]
      let status = try? runProcess(words)
      #expect(status == 0)
    }
  }

  @Test func undisturbedItIsDone() async throws {
    try await ScratchNode.with(["file": Self.old]) { node in
      let result = try replace(in: node)
      #expect(result == .done)
      #expect(try node.read("file") == Self.new)
      #expect(try node.files() == ["file"])
    }
  }

  @Test func fileThatHasChangedSinceItWasReadIsKept() async throws {
    try await ScratchNode.with(["file": Self.old]) { node in
      let file = try ConfigurationFile(path: node.path("file"))
      try node.write(Self.rival, to: "file")
      #expect(try file.replace(by: Array(Self.new.utf8)) == .overtaken)
      #expect(try node.read("file") == Self.rival)
    }
  }

  @Test(
    arguments: [
      #"printf %s "$1" >"$0.new" && mv "$0.new" "$0""#, #"printf %s "$1" >"$0""#,
      // It has the file open, and writes when all is over for us.
      #"exec 9>"$0"; (sleep 0.3; printf %s "$1" >&9) & "#,
      #"exec 9>>"$0"; (sleep 0.3; truncate -s 0 /proc/self/fd/9; printf %s "$1" >&9) & "#,
    ])
  func updateOfARivalIsKept(script: String) async throws {
    try await ScratchNode.with(["file": Self.old]) { node in
      let result = try replace(before: script, in: node)
      #expect(result == .overtaken)
      #expect(try node.read("file") == Self.rival)
      #expect(try node.files() == ["file"])
    }
  }

  @Test(
    arguments: [
      #"printf %s "$2" >"$0.new" && mv "$0.new" "$0""#, #"printf %s "$2" >"$0""#,
      #"exec 9>"$0"; (sleep 0.3; printf %s "$2" >&9) & "#,
    ])
  func rivalThatChangesNothingDoesNotMatter(script: String) async throws {
    try await ScratchNode.with(["file": Self.old]) { node in
      let result = try replace(before: script, in: node)
      #expect(result == .done)
      #expect(try node.read("file") == Self.new)
    }
  }

  @Test func fileThatIsGoneIsOvertaken() async throws {
    try await ScratchNode.with(["file": Self.old]) { node in
      let result = try replace(before: #"rm "$0""#, in: node)
      #expect(result == .overtaken)
      #expect(try node.files() == [])
    }
  }
}
