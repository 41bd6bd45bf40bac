import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// A node with a real runtime, from install/install.sh to its `--uninstall`.
  @Suite(.needsRuntimes) struct InstallationTests {
    @Test(arguments: [Road.Kind.ovn, .bridge])
    func everyPodStartsAndStopsFromInstallationToRemoval(kind: Road.Kind) async throws {
      try await InstalledNode.with(kind) { node in
        try await node.runtime.addPod("before")
        let churned = try await node.whilePodsComeAndGo {
          try await node.preview()
          try await node.install()
          try await node.expectRegistered("first")
          try await node.watched {
            try await node.rewriteList()
            try await node.expectRegistered("second")
            try await node.fight()
            try await node.upgrade()
            try await node.expectRegistered("third")
          }
          try await node.reboot()
          try await node.uninstall()
        }
        #expect(churned > 0)
        for pod in ["before", "first", "second", "third"] {
          try await node.runtime.stop(pod)
          try await node.runtime.remove(pod)
        }
        try await node.runtime.addPod("after")
        #expect(try readText(node.list) == node.original)
        #expect(exists(node.executable))
        try await node.runtime.stop("after")
        try await node.purge()
      }
    }
  }
}

/// A node whose network list is kube-ovn's, or looks like it, and where nothing of ours is yet.
private struct InstalledNode {
  let road: Road
  let runtime: ContainerRuntime
  let original: String
  let gate = Gate()

  var list: String { "\(runtime.directory)/net.d/01-kube-ovn.conflist" }
  var executable: String { "\(runtime.directory)/bin/shortcut-cni" }
  var prefix: String { "\(runtime.directory)/prefix" }

  static func with(_ kind: Road.Kind, _ body: (InstalledNode) async throws -> Void) async throws {
    try await Road.with(kind, roadOptions: ["--bin", "none"]) { road in
      try await ContainerRuntime.with(.containerd, on: road) { runtime in
        let directory = runtime.directory
        let script = """
          rm -f "$0/bin/shortcut-cni" && chmod 600 "$0/net.d/network.conflist"
          mv "$0/net.d/network.conflist" "$0/net.d/01-kube-ovn.conflist"
          """
        try await Command("bash", ["-euc", script, directory]).output()
        let original = try readText("\(directory)/net.d/01-kube-ovn.conflist")
        #expect(!original.contains("shortcut-cni"))
        let node = InstalledNode(road: road, runtime: runtime, original: original)
        do {
          try await body(node)
        } catch {
          try? await Task { try await node.removePrefix() }.value
          throw error
        }
        try await node.removePrefix()
      }
    }
  }

  private func removePrefix() async throws {
    try await Command("rm", ["-rf", prefix]).output()
  }

  private var places: [String] {
    ["--conf-dir", "\(runtime.directory)/net.d", "--bin-dir", "\(runtime.directory)/bin"]
  }

  private func installer(_ arguments: [String]) -> Command {
    Command(
      "\(Products.repository)/install/install.sh",
      arguments + places
        + ["--prefix", prefix, "--bpffs-root", road.shortcut.pins, "--no-service"])
  }

  /// What it would remove without a word about where things were put.
  private func removalPreview() async throws -> String {
    try await Command(
      "\(Products.repository)/install/install.sh", ["--uninstall", "--dry-run", "--prefix", prefix]
    ).output()
  }

  func install(from binaries: String = Products.directory) async throws {
    try await installer(["--bin", binaries, "--cgroup", road.cgroup()]).output()
    #expect(try readText(list).contains("shortcut-cni"))
  }

  func preview() async throws {
    let binaries = ["--bin", Products.directory, "--dry-run"]
    #expect(try await installer(binaries).output().contains("+"))
    #expect(try await installer(["--dry-run"]).output().contains("would build"))
    #expect(try readText(list) == original)
    #expect(!exists(executable) && !exists(prefix))
  }

  func purge() async throws {
    try await Command(
      Products.path("shortcutctl"), ["uninstall-cni", "--purge", "--wait", "0"] + places
    ).output()
    #expect(!exists(executable))
  }

  /// Somebody replaces the list 50 times a second, for three seconds.
  func fight() async throws {
    let script = """
      for ((i = 0; i < 150; i++)); do
        printf %s "$1" >"$0.rival" && mv "$0.rival" "$0"
        sleep 0.02
      done
      """
    try await Command("bash", ["-euc", script, list, original]).output()
    try await eventually { try readText(list).contains("shortcut-cni") }
  }

  /// What another release is: an executable with other bytes.
  func upgrade() async throws {
    let script = """
      mkdir "$0" && cp "$1"/{shortcut-cni,shortcutctl,shortcutd} "$0" && echo >>"$0/shortcut-cni"
      """
    let release = "\(runtime.directory)/prefix/release"
    try await Command("bash", ["-euc", script, release, Products.directory]).output()
    try await install(from: release)
    try await Command("cmp", ["\(release)/shortcut-cni", executable]).output()
  }

  /// As old releases of kube-ovn do whenever they start. A runtime that reads the file while it is
  /// empty starts no pod, whoever is chained to the network.
  func rewriteList() async throws {
    await gate.close()
    let script = #"printf %s "$1" >"$0""#
    try await Command("bash", ["-c", script, list, original]).output()
    // A runtime may have read it while it was empty; the entry's return is the next that it reads.
    try await eventually { try readText(list).contains("shortcut-cni") }
    await gate.open()
  }

  /// Pins and programs are gone; what is in files is there before the datapath is.
  func reboot() async throws {
    try await road.shortcut.unload()
    try await runtime.addPod("early")
    try await runtime.stop("early")
    try await runtime.remove("early")
    try await road.load()
    try await expectRegistered("late")
    try await runtime.stop("late")
    try await runtime.remove("late")
  }

  func uninstall() async throws {
    #expect(try await removalPreview().contains(list))
    let output = try await installer(["--uninstall"]).output()
    #expect(output.contains("somebody has read the change"), "\(output)")
    #expect(try readText(list) == original)
    #expect(!exists("\(prefix)/lib/kube-ovn-shortcut"))
    #expect(try await removalPreview().isEmpty)
  }

  func expectRegistered(_ pod: String) async throws {
    try await runtime.addPod(pod)
    let names = try await road.names()
    #expect(names.contains(pod), "\(pod) is not among \(names)")
  }

  func watched(_ body: () async throws -> Void) async throws {
    let program = "\(prefix)/bin/shortcutctl"
    let process = "\(runtime.directory)/prefix/watch.pid"
    let script = #"echo $$ >"$0"; exec timeout 250 "$@""#
    async let watcher = Command(
      "bash",
      ["-c", script, process, program, "install-cni", "--watch"] + places
        + ["--bpffs-root", road.shortcut.pins]
    ).run()
    try await eventually { (try? readText(process))?.isEmpty == false }
    try await body()
    try await Command("kill", [readText(process).filter(\.isNumber)]).output()
    let completion = try await watcher
    #expect(completion.output.contains("watching"), "\(completion)")
  }

  /// Starts and stops pods all the while, one after the other; how many. Throws if one fails.
  func whilePodsComeAndGo(_ body: () async throws -> Void) async throws -> Int {
    let end = "\(prefix)/end"
    async let churned = churn(until: end)
    try await body()
    try await Command("touch", [end]).output()
    return try await churned
  }

  private func churn(until end: String) async throws -> Int {
    var count = 0
    while !exists(end) {
      guard await gate.enter() else {
        try await Task.sleep(for: .milliseconds(20))
        continue
      }
      do {
        try await startAndStop("churn-\(count)")
      } catch {
        await gate.leave()
        throw error
      }
      await gate.leave()
      count += 1
    }
    return count
  }

  private func startAndStop(_ pod: String) async throws {
    try await runtime.addPod(pod)
    try await runtime.stop(pod)
    try await runtime.remove(pod)
  }
}

/// Keeps pods from starting for a while.
private actor Gate {
  private var isClosed = false
  private var isOccupied = false

  /// Closes it and waits until nobody is inside.
  func close() async {
    isClosed = true
    while isOccupied, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(20)) }
  }

  func open() { isClosed = false }

  /// Whether it was open.
  func enter() -> Bool {
    isOccupied = !isClosed
    return isOccupied
  }

  func leave() { isOccupied = false }
}

/// A condition that did not come true within a minute.
private struct NeverTrue: Error {}

private func eventually(_ condition: () async throws -> Bool) async throws {
  for _ in 0..<600 {
    guard try await !condition() else { return }
    try await Task.sleep(for: .milliseconds(100))
  }
  throw NeverTrue()
}
