import Linux
import TestSupport
import Testing

/// What `install-cni` and `uninstall-cni` do to the directories of a node.
@Suite(.timeLimit(.minutes(5))) struct InstallationTests {
  @Test func installKeepsEverythingButTheEntry() async throws {
    try await ScratchNode.with(["01-kube-ovn.conflist": Samples.kubeOVN]) { node in
      let path = node.path("01-kube-ovn.conflist")
      try await Command("chown", ["1234:5678", path]).output()
      try await Command("chmod", ["0640", path]).output()
      let setting = #"import os, sys; os.setxattr(sys.argv[1], "user.test", b"kept")"#
      let isMarked = try await Command("python3", ["-c", setting, path]).run().isSuccess
      let completion = try await node.install()
      #expect(completion.isSuccess, "\(completion)")
      #expect(try node.read("01-kube-ovn.conflist") == added(to: Samples.kubeOVN))
      let status = try FileStatus(path: path)
      #expect(status.owner == 1234 && status.group == 5678 && status.mode == 0o640)
      // Not every file system has attributes of users.
      if isMarked {
        let reading = #"import os, sys; print(os.getxattr(sys.argv[1], "user.test"))"#
        #expect(try await Command("python3", ["-c", reading, path]).output() == "b'kept'\n")
      }
      #expect(try FileStatus(path: node.executable).mode == 0o755)
      #expect(try node.files() == ["01-kube-ovn.conflist", "shortcut-cni"])
    }
  }

  @Test func installingAgainWritesNothing() async throws {
    try await ScratchNode.with(["01-kube-ovn.conflist": Samples.kubeOVN]) { node in
      _ = try await node.install()
      let before = try node.identities()
      let completion = try await node.install()
      #expect(completion.isSuccess && completion.output.isEmpty, "\(completion)")
      #expect(try node.identities() == before)
      #expect(try await node.install("--check").isSuccess)
    }
  }

  @Test func dryRunChangesNothingAndShowsWhatInstallDoes() async throws {
    try await ScratchNode.with(["01-kube-ovn.conflist": Samples.kubeOVN]) { node in
      let before = try node.identities()
      let preview = try await node.install("--dry-run")
      #expect(preview.isSuccess, "\(preview)")
      #expect(try node.identities() == before)
      let patched = try await Command(
        "patch", ["--output=-", node.path("01-kube-ovn.conflist")], input: preview.output
      ).output()
      _ = try await node.install()
      #expect(try node.read("01-kube-ovn.conflist") == patched)
      let installed = try node.identities()
      let removal = try await node.uninstall("--dry-run", "--purge")
      #expect(removal.output.contains("-      \"type\": \"shortcut-cni\""), "\(removal)")
      #expect(removal.output.contains("would remove"))
      #expect(try node.identities() == installed)
      #expect(try await node.install("--dry-run").output.isEmpty)
    }
  }

  @Test(arguments: Samples.lists.filter { $0.contains("0.3.1") })
  func uninstallRestoresTheBytesAndLeavesTheExecutable(text: String) async throws {
    try await ScratchNode.with(["10-a.conflist": text]) { node in
      let installed = try await node.install()
      #expect(installed.isSuccess, "\(installed)")
      #expect(try node.read("10-a.conflist") != text)
      let removed = try await node.uninstall()
      #expect(removed.isSuccess, "\(removed)")
      #expect(try node.read("10-a.conflist") == text)
      #expect(try node.files() == ["10-a.conflist", "shortcut-cni"])
      #expect(try await node.uninstall("--purge").isSuccess)
      #expect(try node.files() == ["10-a.conflist"])
      #expect(try await node.uninstall("--purge").isSuccess)
    }
  }

  @Test func entryIsRemovedFromEveryList() async throws {
    let other = Samples.kubeOVN.replacing("kube-ovn", with: "other")
    try await ScratchNode.with(["50-b.conflist": Samples.kubeOVN]) { node in
      _ = try await node.install()
      try node.write(other, to: "10-a.conflist")
      _ = try await node.install()
      #expect(try node.read("10-a.conflist").contains("shortcut-cni"))
      #expect(try node.read("50-b.conflist").contains("shortcut-cni"))
      _ = try await node.uninstall()
      #expect(try node.read("10-a.conflist") == other)
      #expect(try node.read("50-b.conflist") == Samples.kubeOVN)
    }
  }

  /// containerd reads no further than to the first list.
  @Test(arguments: [false, true]) func readingTheFirstListIsSeen(isLinked: Bool) async throws {
    try await ScratchNode.with(["50-b.conflist": Samples.kubeOVN]) { node in
      _ = try await node.install()
      let first = node.path("10-a.conflist")
      let target = isLinked ? "\(node.directory)/target" : first
      try await Command("cp", [node.path("50-b.conflist"), target]).output()
      if isLinked { try await Command("ln", ["-s", target, first]).output() }
      let runtime = #"while grep --quiet shortcut-cni "$0"; do sleep 0.05; done"#
      async let reading = Command("timeout", ["100", "bash", "-c", runtime, first]).run()
      let removed = try await node.uninstall("--wait", "30")
      #expect(removed.output.contains("somebody has read"), "\(removed)")
      #expect(try await reading.isSuccess)
      #expect(try node.read("50-b.conflist") == Samples.kubeOVN)
    }
  }

  @Test func listThatUninstallWouldMissIsRefused() async throws {
    try await ScratchNode.with(["10-a.conflist": Samples.kubeOVN]) { node in
      let elsewhere = "\(node.directory)/elsewhere.conflist"
      try await Command("cp", [node.path("10-a.conflist"), elsewhere]).output()
      try await Command("cp", [node.path("10-a.conflist"), node.path("10-a.bak")]).output()
      for list in [elsewhere, "../elsewhere.conflist", "net.d/10-a.conflist", "10-a.bak"] {
        let refused = try await node.install("--conflist", list)
        #expect(!refused.isSuccess && refused.error.contains("--conf-dir"), "\(refused)")
      }
      #expect(try readText(elsewhere) == Samples.kubeOVN)
      #expect(try node.files() == ["10-a.bak", "10-a.conflist"])
      for list in [node.path("10-a.conflist"), "10-a.conflist"] {
        let installed = try await node.install("--conflist", list)
        #expect(installed.isSuccess, "\(installed)")
      }
      #expect(try node.read("10-a.conflist") == added(to: Samples.kubeOVN))
    }
  }

  @Test func purgeIsRefusedWhileACopyNamesTheExecutable() async throws {
    let copy = #"{"name":"m","type":"multus","delegates":[{"plugins":[{"type":"shortcut-cni"}]}]}"#
    try await ScratchNode.with(["01-kube-ovn.conflist": Samples.kubeOVN]) { node in
      _ = try await node.install()
      try node.write(copy, to: "00-multus.conf")
      let refused = try await node.uninstall("--purge")
      #expect(refused.end == .exited(1) && refused.error.contains("00-multus.conf"), "\(refused)")
      #expect(exists(node.executable))
      #expect(try node.read("01-kube-ovn.conflist") == Samples.kubeOVN)
    }
  }

  @Test func executableIsReplacedWhileItRuns() async throws {
    try await ScratchNode.with(["01-kube-ovn.conflist": Samples.kubeOVN]) { node in
      _ = try await node.install()
      // It waits for its standard input.
      let script = #"CNI_COMMAND=DEL CNI_CONTAINERID=a CNI_IFNAME=b CNI_PATH=c "$0" < <(sleep 3)"#
      async let running = Command("bash", ["-c", script, node.executable]).run()
      try await Task.sleep(for: .milliseconds(500))
      let upgrade = "\(node.directory)/upgrade"
      let append = #"cp "$0" "$1" && echo >>"$1""#
      try await Command("bash", ["-c", append, Products.path("shortcut-cni"), upgrade]).output()
      let completion = try await node.install("--plugin", upgrade)
      #expect(completion.isSuccess && completion.output.contains("installed"), "\(completion)")
      try await Command("cmp", [node.executable, upgrade]).output()
      #expect(try await running.output.contains(#""code": 6"#))
      #expect(try await node.install("--check", "--plugin", upgrade).isSuccess)
      #expect(try await !node.install("--check").isSuccess)
    }
  }
}

extension ScratchNode {
  /// Inodes, sizes and times of everything.
  func identities() throws -> [FileStatus] {
    let paths = try [configurations, plugins].flatMap { directory in
      try [directory] + names(in: directory).sorted().map { "\(directory)/\($0)" }
    }
    return try paths.map { try FileStatus(linkAt: $0) }
  }
}
