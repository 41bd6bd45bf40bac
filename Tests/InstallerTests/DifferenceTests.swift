import Glibc
import Linux
import TestSupport
import Testing

@testable import Installer

/// What `--dry-run` prints.
@Suite(.timeLimit(.minutes(5))) struct DifferenceTests {
  @Test func equalTextsDoNotDiffer() {
    #expect(unifiedDifference(Array("a\n".utf8), Array("a\n".utf8), path: "a").isEmpty)
  }

  @Test(arguments: [
    ("", "a\n"), ("a\n", ""), ("a", "b"), ("a", "a\n"), ("a\n", "a"), ("a\nb\n", "a\nx\ny\nb\n"),
    ("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n6\n7\n8\n9\n"), ("a\na\na\n", "a\na\n"),
    (Samples.kubeOVN, Samples.kubeOVN.replacing("portmap", with: "x\ny")),
  ])
  func patchMakesOneOfTheOther(old: String, new: String) async throws {
    try await ScratchNode.with(["file": old]) { node in
      let difference = unifiedDifference(Array(old.utf8), Array(new.utf8), path: "file")
      let result = try await Command(
        "patch", ["--binary", "--output=-", node.path("file")], input: difference
      ).run()
      #expect(result.output == new, "\(difference)\(result)")
    }
  }

  @Test(arguments: Samples.lists) func patchInstalls(text: String) async throws {
    try await ScratchNode.with(["file": text]) { node in
      let after = try list(text).adding(Entry())
      let difference = unifiedDifference(Array(text.utf8), after, path: "file")
      let result = try await Command(
        "patch", ["--binary", "--output=-", node.path("file")], input: difference
      ).run()
      #expect(result.output.utf8.elementsEqual(after), "\(difference)\(result)")
    }
  }
}
