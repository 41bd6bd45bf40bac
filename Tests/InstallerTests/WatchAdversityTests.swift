import Linux
import TestSupport
import Testing

/// `install-cni --watch` where it is killed, or nobody tells it what happens.
@Suite(.timeLimit(.minutes(5))) struct WatchAdversityTests {
  private static let name = "01-kube-ovn.conflist"

  /// Each is killed at another moment of its work, while the list is being rewritten.
  @Test func killedWatchersLeaveAWholeListAndTheNextGoesOn() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      let whole = try [Samples.kubeOVN, added(to: Samples.kubeOVN)]
      for round in 0..<30 {
        try node.replace(Self.name, by: Samples.kubeOVN)
        let watch = node.command("install-cni", ["--watch"])
        let killed = try await watch.killed(after: .milliseconds(2 + 3 * round)).run()
        #expect(killed.end == .exited(137), "\(killed)")
        #expect(whole.contains(try node.read(Self.name)))
      }
      let completion = try await node.watching { try await node.expectEntry(Self.name) }
      #expect(completion.isSuccess && completion.error.isEmpty, "\(completion)")
      #expect(try node.files() == [Self.name, "shortcut-cni"])
      #expect(try await node.uninstall().isSuccess)
      #expect(try node.read(Self.name) == Samples.kubeOVN)
    }
  }

  /// Who writes by another name of the file, in a directory that is not watched, is not seen doing it.
  @Test func whatNoEventTellsIsFoundInTime() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      let completion = try await node.watching {
        repeat {
          try await node.expectEntry(Self.name)
          try await node.writeUnseen(Samples.kubeOVN, to: Self.name)
          // It may just have been looking anyway.
          try await Task.sleep(for: .seconds(3))
        } while try node.read(Self.name) != Samples.kubeOVN
        try await node.expectEntry(Self.name)
      }
      #expect(completion.isSuccess && completion.error.isEmpty, "\(completion)")
      #expect(try node.read(Self.name) == added(to: Samples.kubeOVN))
    }
  }
}

extension ScratchNode {
  fileprivate func replace(_ name: String, by text: String) throws {
    try write(text, to: "\(name).new")
    try renameFile(path("\(name).new"), to: path(name))
  }

  fileprivate func writeUnseen(_ text: String, to name: String) async throws {
    let script = #"ln -f "$0" "$1" && printf %s "$2" >"$1""#
    try await Command("bash", ["-ec", script, path(name), "\(directory)/other", text]).output()
  }
}
