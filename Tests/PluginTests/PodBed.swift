import BPF
import CNI
import CShortcut
import Glibc
import JSON
import Linux
import Programs
import TestSupport

@testable import Datapath

/// The datapath's maps in a BPF file system of the test's own, and network namespaces for its pods.
///
/// The programs are loaded and attached nowhere.
struct PodBed: Sendable {
  /// Of everything the bed keeps.
  let directory: String
  /// Where the maps are.
  let pins: PinDirectory

  /// Makes one, with room and a namespace for each of `pods`, and removes it in every case.
  static func with(pods: Int, _ body: (PodBed) async throws -> Void) async throws {
    let directory = "/tmp/shortcut-pods-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let bed = PodBed(
      directory: directory, pins: PinDirectory(path: "\(directory)/bpf/shortcut"))
    do {
      try makeDirectory(directory)
      try makeDirectory("\(directory)/bpf")
      try BPFFileSystem.mount(on: "\(directory)/bpf")
      try bed.load(into: bed.pins, pods: pods)
      try await bed.makeNamespaces(pods)
      try await body(bed)
    } catch {
      try? await bed.remove()
      throw error
    }
    try await bed.remove()
  }

  /// Makes and pins the maps.
  func load(into pins: PinDirectory, pods: Int) throws {
    try makeDirectory(pins.path)
    var limits = Limits()
    (limits.pods, limits.connections) = (pods, 16)
    let instance = try Instance(image: .shortcut, limits: limits, pins: pins)
    withExtendedLifetime(instance.access) {}
  }

  /// The path of a pod's namespace; pods are counted from 0.
  func namespace(_ pod: Int) -> String {
    "\(directory)/netns/\(pod)"
  }

  /// A call for a pod, complete but for what a test changes.
  func call(_ pod: Int, version: ProtocolVersion = .v110) -> PodCall {
    var call = PodCall(
      version: version, settings: [("bpffsRoot", .string(pins.path))],
      addresses: ["10.16.\(pod / 250).\(pod % 250 + 1)/16"])
    call.variables["CNI_CONTAINERID"] = "pod-\(pod)"
    call.variables["CNI_NETNS"] = namespace(pod)
    return call
  }

  /// The allowlist, behind the plugin's back.
  typealias Allowlist = BPFMap<shortcut_allow_key, shortcut_allow_value>

  /// How many entries the allowlist has.
  func allowed() throws -> Int {
    try Allowlist(pinnedAt: pins.path(of: .allowlist)).keys().count
  }

  /// Does something to each entry of the allowlist.
  func changeAllowlist(
    _ change: (borrowing Allowlist, shortcut_allow_key, shortcut_allow_value) throws -> Void
  ) throws {
    let map = try Allowlist(pinnedAt: pins.path(of: .allowlist))
    for key in try map.keys() {
      if let value = try map.value(for: key) { try change(map, key, value) }
    }
  }

  /// Whose attachments are registered.
  func registered() throws -> Set<String> {
    Set(try Registry(pins).all().map(\.key.containerID))
  }

  private func makeNamespaces(_ count: Int) async throws {
    try makeDirectory("\(directory)/netns")
    let script = #"for ((i = 0; i < $1; i++)); do : >"$0/$i"; unshare --net="$0/$i" true; done"#
    try await Command("bash", ["-euc", script, "\(directory)/netns", "\(count)"]).output()
  }

  private func remove() async throws {
    let script = #"""
      for path in "$0"/netns/*; do umount --quiet "$path" || true; done
      umount --quiet "$0/bpf" || true
      rm -rf --one-file-system "$0"
      """#
    try await Command("bash", ["-c", script, directory]).output()
  }
}

extension PodCall {
  /// The plugin itself, run for this call.
  func command(_ verb: CNI.Command) -> TestSupport.Command {
    .plugin(variables.merging(["CNI_COMMAND": verb.rawValue]) { $1 }, input: configuration)
  }
}
