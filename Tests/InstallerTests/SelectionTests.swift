import Linux
import TestSupport
import Testing

/// Which file is taken, and what is said where none can be.
@Suite(.timeLimit(.minutes(5))) struct SelectionTests {
  private static let entry = "shortcut-cni"

  @Test func firstByNameIsTaken() async throws {
    let files = [
      "01-kube-ovn.conflist", "00-a.conflist.bak", "00-b.cilium_bak", "02-c.conflist", "00-d",
    ]
    let texts = Dictionary(uniqueKeysWithValues: files.map { ($0, Samples.kubeOVN) })
    try await ScratchNode.with(texts) { node in
      try makeDirectory(node.path("00-directory.conflist"))
      let completion = try await node.install()
      #expect(completion.isSuccess && completion.error.isEmpty, "\(completion)")
      let changed = try files.filter { try node.read($0).contains(Self.entry) }
      #expect(changed == ["01-kube-ovn.conflist"])
    }
  }

  @Test func namesAreComparedByTheirBytes() async throws {
    let files = ["9.conflist", "10.conflist", "B.conflist", "a.conflist", ".conflist"]
    let texts = Dictionary(uniqueKeysWithValues: files.map { ($0, Samples.kubeOVN) })
    try await ScratchNode.with(texts) { node in
      _ = try await node.install()
      #expect(try files.filter { try node.read($0).contains(Self.entry) } == [".conflist"])
    }
  }

  @Test func brokenFilesBeforeItArePassedOverByName() async throws {
    let files = ["00-a.conflist": "{", "00-b.json": "[]", "10-c.conflist": Samples.kubeOVN]
    try await ScratchNode.with(files) { node in
      try await Command("mkfifo", [node.path("00-fifo.conflist")]).output()
      try await Command("ln", ["-s", "nowhere", node.path("00-link.conflist")]).output()
      let completion = try await node.install()
      #expect(completion.isSuccess, "\(completion)")
      for name in ["00-a.conflist", "00-b.json", "00-fifo.conflist", "00-link.conflist"] {
        #expect(completion.error.contains(node.path(name)), "\(completion)")
      }
      #expect(try node.read("10-c.conflist").contains(Self.entry))
    }
  }

  @Test func singlePluginIsRefusedUnlessAListIsNamed() async throws {
    let files = [
      "00-multus.conf": #"{"name":"m","type":"multus"}"#, "01-kube-ovn.conflist": Samples.kubeOVN,
    ]
    try await ScratchNode.with(files) { node in
      let refused = try await node.install()
      #expect(refused.end == .exited(1), "\(refused)")
      #expect(refused.error.contains("00-multus.conf") && refused.error.contains("--conflist"))
      #expect(try node.read("01-kube-ovn.conflist") == Samples.kubeOVN)
      #expect(try await node.install("--conflist", "01-kube-ovn.conflist").isSuccess)
      #expect(try node.read("01-kube-ovn.conflist").contains(Self.entry))
    }
  }

  @Test(arguments: ["0.2.0", "1.2.0", "0.1.0"])
  func versionThatThePluginDoesNotServeIsRefused(version: String) async throws {
    let text = Samples.kubeOVN.replacing("0.3.1", with: version)
    try await ScratchNode.with(["10-a.conflist": text]) { node in
      let refused = try await node.install()
      #expect(refused.end == .exited(1) && refused.error.contains(version), "\(refused)")
      #expect(try node.read("10-a.conflist") == text)
    }
  }

  @Test func absentDirectoriesAndListsAreNamed() async throws {
    try await ScratchNode.with { node in
      let empty = try await node.install()
      #expect(empty.end == .exited(1) && empty.error.contains(node.configurations), "\(empty)")
      try removeDirectory(node.configurations)
      let absent = try await node.install()
      #expect(absent.end == .exited(1) && absent.error.contains("errno 2"), "\(absent)")
      #expect(absent.error.contains("--conf-dir"))
      try await Command("rm", ["-r", node.plugins]).output()
      let neither = try await node.install()
      #expect(neither.error.contains(node.plugins) && neither.error.contains("--bin-dir"))
      let unknown = try await node.install("--plugin", "/nowhere/shortcut-cni")
      #expect(unknown.end == .exited(1), "\(unknown)")
    }
  }

  @Test func entryIsRemovedThoughTheExecutableIsGone() async throws {
    try await ScratchNode.with(["10-a.conflist": Samples.kubeOVN]) { node in
      _ = try await node.install()
      try await Command("rm", ["-r", node.plugins]).output()
      let removed = try await node.uninstall("--purge")
      #expect(removed.isSuccess, "\(removed)")
      #expect(try node.read("10-a.conflist") == Samples.kubeOVN)
    }
  }

  @Test func oneDirectoryForBothIsRefused() async throws {
    try await ScratchNode.with(["10-a.conflist": Samples.kubeOVN]) { node in
      let link = "\(node.directory)/link"
      try await Command("ln", ["-s", "net.d", link]).output()
      let refused = try await node.install("--bin-dir", link)
      #expect(refused.end == .exited(1) && refused.error.contains(link), "\(refused)")
      #expect(try node.files() == ["10-a.conflist"])
    }
  }

  @Test func listIsWaitedFor() async throws {
    try await ScratchNode.with { node in
      try removeDirectory(node.configurations)
      async let installation = node.install("--wait", "60")
      try await Task.sleep(for: .milliseconds(300))
      try makeDirectory(node.configurations)
      try await Task.sleep(for: .milliseconds(300))
      try node.write(Samples.kubeOVN, to: "01-kube-ovn.conflist")
      let completion = try await installation
      #expect(completion.isSuccess, "\(completion)")
      #expect(try node.read("01-kube-ovn.conflist").contains(Self.entry))
    }
  }

  @Test func halfWrittenFileIsWaitedForAndNotPassedOver() async throws {
    let files = ["01-kube-ovn.conflist": "{ \"name\"", "10-other.conflist": Samples.kubeOVN]
    try await ScratchNode.with(files) { node in
      async let installation = node.install()
      try await Task.sleep(for: .milliseconds(400))
      try node.write(Samples.kubeOVN, to: "01-kube-ovn.conflist")
      let completion = try await installation
      #expect(completion.isSuccess, "\(completion)")
      #expect(try node.read("01-kube-ovn.conflist").contains(Self.entry))
      #expect(try node.read("10-other.conflist") == Samples.kubeOVN)
    }
  }

  @Test func linkStaysALinkAndItsTargetIsChanged() async throws {
    try await ScratchNode.with { node in
      let target = "\(node.directory)/elsewhere"
      try makeDirectory(target)
      let (file, link) = ("\(target)/real", node.path("01-kube-ovn.conflist"))
      try await Command("tee", [file], input: Samples.kubeOVN).output()
      try await Command("ln", ["-s", "../elsewhere/real", link]).output()
      let before = try FileStatus(linkAt: link)
      let completion = try await node.install()
      #expect(completion.isSuccess, "\(completion)")
      #expect(try linkTarget(link) == "../elsewhere/real")
      // Runtimes watch the directory of the link: something has to happen there.
      #expect(try FileStatus(linkAt: link).inode != before.inode)
      #expect(try readText(file) == added(to: Samples.kubeOVN))
      #expect(try names(in: target) == ["real"])
      _ = try await node.uninstall()
      #expect(try readText(file) == Samples.kubeOVN)
      #expect(try FileStatus(linkAt: link).kind == .symbolicLink)
    }
  }
}
