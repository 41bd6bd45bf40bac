/// A container runtime on a node of its own, whose pods hang on a road.
public struct ContainerRuntime: PodHost {
  /// Which runtime.
  public enum Kind: String, Sendable, CaseIterable {
    /// containerd and runc, driven as kubelet does, through CRI.
    case containerd
    /// podman with CNI as its network backend.
    case podman
  }

  /// Which runtime.
  public let kind: Kind
  /// The directory of everything the runtime keeps, network lists in `net.d`, plugins in `bin`.
  public let directory: String
  private let road: Road

  /// Brings a runtime up for the time of `body`, and removes it in every case.
  ///
  /// It creates pods with the road's network list, in a cgroup below the road's; `daemon` is the
  /// path of another containerd than the machine's. Throws what `body` throws, or ``CommandError``.
  public static func with(
    _ kind: Kind, daemon: String? = nil, on road: Road,
    _ body: (ContainerRuntime) async throws -> Void
  ) async throws {
    let runtime = ContainerRuntime(
      kind: kind, directory: "\(road.directory)/\(kind.rawValue)", road: road)
    do {
      try await runtime.up(daemon)
      try await body(runtime)
    } catch {
      try? await runtime.downEvenIfCancelled()
      throw error
    }
    try await runtime.downEvenIfCancelled()
  }

  private func up(_ daemon: String?) async throws {
    var arguments = try await [
      "up", directory, "--cgroup", road.cgroup(), "--netns", "\(road.directory)/netns/node",
      "--list", "\(road.directory)/network.conflist", "--program", Products.path("torture"),
      "--plugin", Products.path("shortcut-cni"),
      "--plugin", "\(Products.repository)/Tests/Roads/kube-ovn",
    ]
    if let daemon { arguments += ["--daemon", daemon] }
    try await command(arguments).output()
  }

  /// In a task of its own: what a cancelled task starts is killed at once.
  private func downEvenIfCancelled() async throws {
    try await Task {
      try await command(["down", directory]).output()
      // Tests may have put files of their own there.
      try await Command("rm", ["-rf", directory]).output()
    }.value
  }

  /// Creates a pod with one container and returns the identifier that the plugins are told.
  @discardableResult
  public func addPod(_ name: String, options: [String] = []) async throws -> String {
    try await road.verb("announce", name)
    var command = command(["pod", directory, name] + options)
    // What kube-ovn's plugin wants, and podman does not tell by itself.
    if kind == .podman && road.kind == .ovn {
      command.environment["CNI_ARGS"] = "K8S_POD_NAMESPACE=default"
    }
    return try await trimmed(command.output())
  }

  /// Stops a pod, whose network the runtime then takes down.
  public func stop(_ pod: String) async throws {
    try await verb("stop", [pod])
  }

  /// Removes a pod.
  public func remove(_ pod: String) async throws {
    try await verb("remove", [pod])
  }

  /// The address that the runtime tells of a pod, of one family (`4` or `6`).
  public func address(of pod: String, family: Int = 4) async throws -> String {
    try await verb("address", [pod, String(family)])
  }

  /// A command that runs inside the container of a pod, whose image has the program by its name.
  public func inside(_ pod: String, _ program: String, _ arguments: [String]) -> Command {
    let name = program.split(separator: "/").last.map(String.init) ?? program
    return command(["exec", directory, pod, name] + arguments)
  }

  /// Kills the daemon, whose pods live on, and starts it again.
  public func restart() async throws {
    try await verb("restart", [])
  }

  /// The version that the daemon tells.
  public func version() async throws -> String {
    try await verb("version", [])
  }

  /// Adds a plugin to the end of the network list.
  public func appendPlugin(_ name: String, script: String) async throws {
    let list = "\(directory)/net.d/network.conflist"
    let commands = """
      printf '%s\n' "$1" >"$0/bin/$2" && chmod 755 "$0/bin/$2"
      jq --arg type "$2" '.plugins += [{type: $type}]' "$3" >"$3.new" && mv "$3.new" "$3"
      """
    try await Command("bash", ["-euc", commands, directory, script, name, list]).output()
  }

  /// A command that runs beside the runtime.
  public func onNode(_ program: String, _ arguments: [String]) -> Command {
    command(["node", directory, "--", program] + arguments)
  }

  @discardableResult
  private func verb(_ verb: String, _ arguments: [String]) async throws -> String {
    try await trimmed(command([verb, directory] + arguments).output())
  }

  private func command(_ arguments: [String]) -> Command {
    Command("\(Products.repository)/Tests/Runtimes/\(kind.rawValue)", arguments)
  }
}
