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
      #expect(try await node.install().isSuccess)
      let other = "\(node.directory)/other"
      try await Command("ln", [node.path(Self.name), other]).output()
      let completion = try await node.watching {
        try await eventually { try node.isWatched() }
        // It looks once more before it waits.
        try await Task.sleep(for: .seconds(2))
        let script = #"printf %s "$1" >"$0""#
        try await Command("bash", ["-c", script, other, Samples.kubeOVN]).output()
        #expect(try node.read(Self.name) == Samples.kubeOVN)
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

  /// Whether a watcher holds the plugin's directory.
  fileprivate func isWatched() throws -> Bool {
    try !Descriptor.open(plugins).tryLock(.exclusive, subject: plugins)
  }
}
