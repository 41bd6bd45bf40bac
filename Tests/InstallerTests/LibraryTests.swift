import TestSupport
import Testing

@testable import Installer

/// What the runtimes' own library makes of the samples.
@Suite(.needsRoads, .timeLimit(.minutes(5))) struct LibraryTests {
  /// libcni reads a list before it looks for plugins, of which there are none.
  private func fault(of text: String, in node: ScratchNode, _ driver: String) async throws -> String
  {
    try node.write(text, to: "10-a.conflist")
    let arguments = ["-list", node.path("10-a.conflist"), "-path", node.plugins, "-id", "a"]
    let completion = try await Command(
      driver, arguments + ["-netns", "/nowhere", "-cache", node.directory, "add"]
    ).run()
    return completion.output + completion.error
  }

  private func withDriver(_ body: (ScratchNode, String) async throws -> Void) async throws {
    let script = """
      repository=$0 roads=$0/Tests/Roads && source "$roads/lib/network.sh" && build_cni_driver
      """
    let output = try await Command("bash", ["-euc", script, Products.repository]).output()
    let driver = output.filter { !$0.isNewline }
    try await ScratchNode.with { node in try await body(node, driver) }
  }

  @Test func libraryTakesWhatWeTakeWithAndWithoutTheEntry() async throws {
    try await withDriver { node, driver in
      for text in Samples.lists {
        for text in [text, try added(to: text)] {
          let fault = try await fault(of: text, in: node, driver)
          #expect(fault.contains("failed to find plugin"), "\(text): \(fault)")
        }
      }
    }
  }

  @Test func libraryRefusesWhatWeRefuse() async throws {
    try await withDriver { node, driver in
      for text in Samples.refused {
        let fault = try await fault(of: text, in: node, driver)
        #expect(!fault.isEmpty && !fault.contains("failed to find plugin"), "\(text): \(fault)")
      }
    }
  }
}
