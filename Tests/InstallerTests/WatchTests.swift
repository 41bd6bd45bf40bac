import Linux
import TestSupport
import Testing

/// `install-cni --watch`, and who works against it.
@Suite(.timeLimit(.minutes(5))) struct WatchTests {
  private static let name = "01-kube-ovn.conflist"

  @Test func entryComesBackAfterARewriteInPlace() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      let completion = try await node.watching {
        try await node.expectEntry(Self.name)
        try node.write(Samples.kubeOVN, to: Self.name)
        try await node.expectEntry(Self.name)
        #expect(try node.read(Self.name) == added(to: Samples.kubeOVN))
      }
      #expect(completion.isSuccess && completion.error.isEmpty, "\(completion)")
      // It ends, and everything stays.
      #expect(try node.read(Self.name) == added(to: Samples.kubeOVN))
      #expect(try node.files() == [Self.name, "shortcut-cni"])
    }
  }

  @Test func settingsOfTheOperatorComeBackToo() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      _ = try await node.watching {
        try await node.expectEntry(Self.name)
        let edited = try node.read(Self.name).replacing(
          #""type": "shortcut-cni","#, with: #""type": "shortcut-cni", "enabled": false,"#)
        try node.write(edited, to: Self.name)
        // Debounced: it has to be seen before it is lost.
        try await Task.sleep(for: .seconds(2))
        try node.write(Samples.kubeOVN, to: Self.name)
        try await node.expectEntry(Self.name)
        #expect(try node.read(Self.name).contains(#""enabled": false"#))
      }
    }
  }

  @Test func halfWrittenFileIsLeftAloneUntilItIsWhole() async throws {
    let files = [Self.name: Samples.kubeOVN, "10-other.conflist": Samples.kubeOVN]
    try await ScratchNode.with(files) { node in
      _ = try await node.watching {
        try await node.expectEntry(Self.name)
        let half = String(Samples.kubeOVN.prefix(90))
        try node.write(half, to: Self.name)
        try await Task.sleep(for: .seconds(1))
        #expect(try node.read(Self.name) == half)
        #expect(try node.read("10-other.conflist") == Samples.kubeOVN)
        try node.write(Samples.kubeOVN, to: Self.name)
        try await node.expectEntry(Self.name)
      }
    }
  }

  @Test func executableDirectoriesAndListsMayComeLater() async throws {
    try await ScratchNode.with { node in
      try removeDirectory(node.configurations)
      _ = try await node.watching {
        try await Task.sleep(for: .seconds(2))
        try makeDirectory(node.configurations)
        try await Task.sleep(for: .milliseconds(500))
        try node.write(Samples.kubeOVN, to: Self.name)
        try await node.expectEntry(Self.name)
        try removeFile(node.executable)
        try await eventually { exists(node.executable) }
        // Another directory of that name.
        try await Command("rm", ["-r", node.configurations]).output()
        try makeDirectory(node.configurations)
        try node.write(Samples.kubeOVN, to: Self.name)
        try await node.expectEntry(Self.name)
      }
    }
  }

  @Test func executableOfAnotherReleaseIsLeftAlone() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      _ = try await node.watching {
        try await node.expectEntry(Self.name)
        let script = #"cp "$0" "$0.new" && echo >>"$0.new" && mv "$0.new" "$0""#
        try await Command("bash", ["-ec", script, node.executable]).output()
        let other = try FileStatus(path: node.executable)
        try node.write(Samples.kubeOVN, to: Self.name)
        try await node.expectEntry(Self.name)
        #expect(try FileStatus(path: node.executable) == other)
      }
    }
  }

  @Test func uninstallIsRefusedMeanwhile() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      _ = try await node.watching {
        try await node.expectEntry(Self.name)
        let refused = try await node.uninstall()
        #expect(refused.end == .exited(1) && refused.error.contains("--watch"), "\(refused)")
        try await node.expectEntry(Self.name)
      }
      #expect(try await node.uninstall().isSuccess)
      #expect(try node.read(Self.name) == Samples.kubeOVN)
    }
  }

  @Test func watchersAreKeptOutUntilUninstallingIsOver() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      _ = try await node.install()
      let before = try FileStatus(path: node.path(Self.name)).inode
      async let removal = node.uninstall("--wait", "100")
      try await eventually { try FileStatus(path: node.path(Self.name)).inode != before }
      let directory = try Descriptor.open(node.plugins)
      #expect(try !directory.tryLock(.shared, subject: node.plugins))
      // It is waiting for somebody to do this.
      #expect(try node.read(Self.name) == Samples.kubeOVN)
      #expect(try await removal.isSuccess)
      #expect(try directory.tryLock(.shared, subject: node.plugins))
    }
  }

  /// Each time after the entry has come back: six times in half a minute are a fight, and the seventh
  /// waits.
  @Test func fightIsToldByNameAndEndsWithTheEntry() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      var times: [UInt64] = []
      let completion = try await node.watching {
        try await node.expectEntry(Self.name)
        for _ in 0..<7 {
          times.append(monotonicNanoseconds())
          try node.write(Samples.kubeOVN, to: Self.name)
          try await node.expectEntry(Self.name)
        }
        times.append(monotonicNanoseconds())
      }
      let warnings = completion.error.split(separator: "\n").filter { $0.contains("half a minute") }
      for warning in warnings {
        #expect(warning.contains(node.path(Self.name)) && warning.contains("kube-ovn, portmap"))
      }
      #expect(warnings.count <= 1, "\(completion)")
      // A machine that takes longer for them sees no fight.
      guard times[6] - times[0] < 25_000_000_000 else { return }
      #expect(warnings.count == 1, "\(completion)")
      #expect(times[7] - times[5] >= 1_000_000_000)
    }
  }

  /// Replaces the file 50 times a second, for four seconds, and reads it as a runtime would.
  @Test(arguments: ["replace", "truncate"])
  func rivalAtFiftyHertzNeverLosesAnUpdateNorSeesHalfAFile(way: String) async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      let last = try await {
        var last = ""
        let completion = try await node.watching {
          try await node.expectEntry(Self.name)
          last = try await Command(
            "python3", ["-c", Self.rival, node.path(Self.name), way, "200"]
          ).output()
          try await node.expectEntry(Self.name)
        }
        let warnings = completion.error.split(separator: "\n")
        #expect(completion.isSuccess, "\(completion)")
        #expect(warnings.allSatisfy { $0.contains(Self.name) }, "\(completion)")
        #expect(warnings.count { $0.contains("half a minute") } <= 1, "\(completion)")
        return last
      }()
      #expect(try node.read(Self.name) == added(to: last))
      #expect(try await node.uninstall().isSuccess)
      #expect(try node.read(Self.name) == last)
      #expect(try node.files() == [Self.name, "shortcut-cni"])
    }
  }

  /// Installers, one after the other, against the same rivals: each write is whole.
  @Test(arguments: ["replace", "truncate"])
  func installersOfOneShotLoseNoUpdate(way: String) async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      async let rival = Command(
        "python3", ["-c", Self.rival, node.path(Self.name), way, "200"]
      ).output()
      for _ in 0..<30 { _ = try await node.install() }
      let last = try await rival
      #expect(try await node.install().isSuccess)
      #expect(try node.read(Self.name) == added(to: last))
    }
  }

  /// Writes a list with another number each time and prints the last one. What it has not written
  /// itself must be a whole list, with our entry and the number it wrote last.
  private static let rival = """
    import json, os, sys, time
    path, way, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
    text = ""
    for number in range(times):
        before = open(path).read()
        document = json.loads(before)
        assert number == 0 or document["number"] == number - 1, (number, before)
        assert document["plugins"][0]["type"] == "kube-ovn", before
        text = json.dumps({"name": "k", "cniVersion": "0.3.1", "number": number, "plugins":
                           [{"type": "kube-ovn"}, {"type": "portmap"}]}, indent=2)
        if way == "replace":
            with open(path + ".rival", "w") as file:
                file.write(text)
            os.rename(path + ".rival", path)
        else:
            with open(path, "w") as file:
                file.write(text)
        time.sleep(0.02)
    sys.stdout.write(text)
    """
}

extension ScratchNode {
  func expectEntry(_ name: String) async throws {
    try await eventually { (try? read(name))?.contains("\"shortcut-cni\"") == true }
  }
}
