private import Glibc
private import Linux

/// A node with pods of its own, over OVN or over a Linux bridge, and what is loaded onto it.
public struct Road: PodHost {
  /// What connects the pods.
  public enum Kind: String, Sendable, CaseIterable {
    /// veth pairs on a Linux bridge with conntrack.
    case bridge
    /// OVN with the userspace datapath.
    case ovn
  }

  /// What connects the pods.
  public let kind: Kind
  /// The directory of everything the road keeps.
  public let directory: String
  /// The datapath of this road alone.
  public let shortcut: Shortcutctl

  private init(_ kind: Kind, ownFileSystem: Bool) {
    let name = "shortcut-test-\(getpid())-\(UInt16.random(in: 0...UInt16.max))"
    self.kind = kind
    directory = "/tmp/\(name)"
    shortcut = Shortcutctl(pins: ownFileSystem ? "/tmp/\(name)/bpf/\(name)" : "/sys/fs/bpf/\(name)")
  }

  /// Where the BPF file system is of a road that has its own; whoever loads mounts it.
  public var fileSystem: String { "\(directory)/bpf" }

  /// Brings a road up for the time of `body`, with more options of `up`, and removes it in every
  /// case. With a BPF file system of its own its pins are in ``fileSystem``.
  ///
  /// Throws what `body` throws, ``CommandError``, or ``Residue`` if something stays behind.
  public static func with(
    _ kind: Kind, roadOptions: [String] = [], ownFileSystem: Bool = false,
    _ body: (Road) async throws -> Void
  ) async throws {
    let road = Road(kind, ownFileSystem: ownFileSystem)
    do {
      let standard = ["--bin", Products.directory, "--bpffs-root", road.shortcut.pins]
      try await road.command(["up", kind.rawValue, road.directory] + standard + roadOptions)
        .output()
      try await body(road)
    } catch {
      try? await road.removeEvenIfCancelled()
      throw error
    }
    try await road.removeEvenIfCancelled()
  }

  /// Like ``with(_:_:)``, with the datapath loaded and these pods created, all with one annotation.
  public static func with(
    _ kind: Kind, pods: [String], shortcut annotation: String? = nil, options: [String] = [],
    _ body: (Road) async throws -> Void
  ) async throws {
    try await with(kind) { road in
      try await road.load(options: options)
      for pod in pods { try await road.addPod(pod, shortcut: annotation) }
      try await body(road)
    }
  }

  /// The cgroup of all pods of this road.
  public func cgroup() async throws -> String {
    try await verb("cgroup")
  }

  /// Attaches the datapath to the pods' cgroup.
  public func load(options: [String] = []) async throws {
    try await shortcut.load(on: cgroup(), options: options)
  }

  /// Runs a verb of the road and returns its output without the line's end.
  @discardableResult
  public func verb(_ verb: String, _ arguments: String...) async throws -> String {
    try await trimmed(command([verb, directory] + arguments).output())
  }

  /// Runs a verb of the road that need not succeed.
  public func attempt(_ verb: String, _ arguments: String...) async throws -> Completion {
    try await command([verb, directory] + arguments).run()
  }

  /// What tests and agents have written beside the road's own.
  private func removeOwnFiles() throws {
    guard exists(directory) else { return }
    for name in try names(in: directory) { try removeFile("\(directory)/\(name)") }
    try removeDirectory(directory)
  }

  func command(_ arguments: [String]) -> Command {
    Command("\(Products.repository)/Tests/Roads/road", arguments)
  }

  /// In a task of its own: what a cancelled task starts is killed at once.
  private func removeEvenIfCancelled() async throws {
    try await Task { try await remove() }.value
  }

  private func remove() async throws {
    try? await shortcut.unload()
    while BPFFileSystem.contains(fileSystem) { try BPFFileSystem.unmount(fileSystem) }
    try removeDirectory(fileSystem)
    try await verb("down")
    let residue = try await verb("residue")
    guard residue.isEmpty else { throw Residue(objects: residue) }
    try removeOwnFiles()
    guard !exists(shortcut.pins) else { throw Residue(objects: shortcut.pins) }
  }
}

/// Objects that a road left on the machine.
public struct Residue: Error, Sendable, CustomStringConvertible {
  /// One object a line.
  public let objects: String

  /// `left behind: ` and the objects.
  public var description: String { "left behind: \(objects)" }
}

func trimmed(_ text: String) -> String {
  String(text.drop { $0.isNewline }.reversed().drop { $0.isNewline }.reversed())
}
