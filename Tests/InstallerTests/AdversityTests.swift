import Linux
import TestSupport
import Testing

/// Installers that are killed, disks that are full, directories that cannot be written.
@Suite(.timeLimit(.minutes(5))) struct AdversityTests {
  private static let name = "01-kube-ovn.conflist"

  @Test func killedAtAnyPointItLeavesANodeThatWorks() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      let with = try added(to: Samples.kubeOVN)
      var killed = 0
      for index in 0..<80 {
        let verb = index % 2 == 0 ? "install-cni" : "uninstall-cni"
        let options = index % 4 == 3 ? ["--purge", "--wait", "0"] : []
        let delay = Duration.microseconds(Int.random(in: 5000...60000))
        let completion = try await node.command(verb, options).killed(after: delay).run()
        killed += completion.end == .exited(137) ? 1 : 0
        let text = try node.read(Self.name)
        #expect(text == Samples.kubeOVN || text == with, "\(text)")
        guard text == with else { continue }
        // A list that names the executable is never without it.
        let version = try await Command(node.executable, environment: ["CNI_COMMAND": "VERSION"])
          .output()
        #expect(version.contains("0.3.1"))
      }
      #expect(killed > 0)
      #expect(try await node.install().isSuccess)
      #expect(try node.files() == [Self.name, "shortcut-cni"])
      #expect(try await node.uninstall("--purge").isSuccess)
      #expect(try node.read(Self.name) == Samples.kubeOVN)
      #expect(try node.files() == [Self.name])
    }
  }

  @Test func fullDiskLeavesTheListAsItWas() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      let completion = try await node.onFileSystem(
        of: "size=16k", for: node.configurations,
        """
        cp "$1" "$2" && dd if=/dev/zero of="$2/fill" bs=4k 2>/dev/null || true
        """)
      #expect(
        completion.end == .exited(1) && completion.error.contains("errno 28"), "\(completion)")
      #expect(
        completion.output == Samples.kubeOVN + "01-kube-ovn.conflist\nfill\n", "\(completion)")
    }
  }

  @Test func fullDiskLeavesNoHalfExecutable() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      let completion = try await node.onFileSystem(of: "size=64k", for: node.plugins, "true")
      #expect(
        completion.end == .exited(1) && completion.error.contains("errno 28"), "\(completion)")
      #expect(completion.output == Samples.kubeOVN, "\(completion)")
      #expect(try node.read(Self.name) == Samples.kubeOVN)
    }
  }

  @Test(arguments: ["net.d", "bin"]) func directoryThatCannotBeWrittenIsNamed(
    directory: String
  ) async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      let path = "\(node.directory)/\(directory)"
      let script = """
        mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"
        """
      let install = node.command("install-cni")
      let completion = try await Command(
        "unshare", ["--mount", "bash", "-euc", script, path, install.program] + install.arguments
      ).run()
      #expect(
        completion.end == .exited(1) && completion.error.contains("errno 30"), "\(completion)")
      #expect(completion.error.contains(path) && completion.error.contains("stays as it was"))
      #expect(try node.read(Self.name) == Samples.kubeOVN)
    }
  }

  @Test func executableThatDoesNotAnswerIsNotInstalled() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      #expect(try await node.install().isSuccess)
      let installed = try FileStatus(path: node.executable)
      let broken = [
        "truncated": #"head -c 300000 "$1" >"$0""#, "silent": #"cp /bin/true "$0""#,
        "text": #"echo no program >"$0""#, "empty": #": >"$0""#,
      ]
      for (name, script) in broken {
        let path = "\(node.directory)/\(name)"
        let make = ["-ec", script + #"; chmod 755 "$0""#, path, Products.path("shortcut-cni")]
        try await Command("bash", make).output()
        let refused = try await node.install("--plugin", path)
        #expect(refused.end == .exited(1), "\(refused)")
        #expect(try FileStatus(path: node.executable) == installed)
        #expect(try node.files() == [Self.name, "shortcut-cni"])
      }
    }
  }

  @Test func withoutInotifyItLooksEverySoOften() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      let watch = node.command("install-cni", ["--watch"])
      let script = """
        echo 0 >/proc/sys/user/max_inotify_instances
        timeout 100 "$@" & watcher=$!
        until grep -q shortcut-cni "$0"; do sleep 0.1; done
        printf %s "$TEXT" >"$0"
        until grep -q shortcut-cni "$0"; do sleep 0.1; done
        kill "$watcher" && wait "$watcher"
        """
      let words = ["-euc", script, node.path(Self.name), watch.program] + watch.arguments
      let completion = try await Command(
        "timeout", ["100", "unshare", "--user", "--map-root-user", "bash"] + words,
        environment: ["TEXT": Samples.kubeOVN]
      ).run()
      let warnings = completion.error.split(separator: "\n").filter { $0.contains("inotify_init1") }
      #expect(warnings.count == 1, "\(completion)")
      #expect(warnings.first?.contains("looking every 2 s") == true, "\(completion)")
      #expect(try node.read(Self.name) == added(to: Samples.kubeOVN))
    }
  }

  @Test func concurrentInstallersAgree() async throws {
    try await ScratchNode.with([Self.name: Samples.kubeOVN]) { node in
      try await withThrowingTaskGroup { group in
        for _ in 0..<8 {
          group.addTask { try await node.install() }
        }
        for try await completion in group { #expect(completion.isSuccess, "\(completion)") }
      }
      #expect(try node.read(Self.name) == added(to: Samples.kubeOVN))
      #expect(try node.files() == [Self.name, "shortcut-cni"])
    }
  }
}

extension ScratchNode {
  /// Installs while a directory is a small tmpfs, which `preparation` has filled; prints what is then
  /// in the directory, the list before its name.
  fileprivate func onFileSystem(
    of size: String, for directory: String, _ preparation: String
  ) async throws -> Completion {
    let install = command("install-cni")
    let script = """
      mount -t tmpfs -o "$0" tmpfs "$2"
      \(preparation)
      list=$1 directory=$2
      shift 2
      "$@" && status=0 || status=$?
      if [ -e "$directory/${list##*/}" ]; then cat "$directory/${list##*/}"; else cat "$list"; fi
      ls -A "$directory"
      exit $status
      """
    // The list is below what the file system hides.
    let copy = "\(self.directory)/01-kube-ovn.conflist"
    try await Command("cp", [path("01-kube-ovn.conflist"), copy]).output()
    let words = ["-uc", script, size, copy, directory, install.program] + install.arguments
    return try await Command("unshare", ["--mount", "bash"] + words).run()
  }
}
