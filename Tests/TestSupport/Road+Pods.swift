extension Road {
  /// Creates a pod: network namespace, cgroup, CNI ADD, for which the runtime tells of annotations.
  public func addPod(
    _ name: String, shortcut annotation: String? = nil, family: String? = nil, network: Int = 0,
    annotations: [String: String] = [:]
  ) async throws {
    var arguments = ["pod", directory, name, "--network", String(network)]
    if let annotation {
      arguments += ["--annotation", "ovn.kubernetes.io/tcp_shortcut=\(annotation)"]
    }
    for (key, value) in annotations { arguments += ["--annotation", "\(key)=\(value)"] }
    if let family { arguments += ["--family", family] }
    try await command(arguments).output()
  }

  /// The address of a pod, of one family (`4` or `6`).
  public func address(of pod: String, family: Int = 4) async throws -> String {
    try await verb("address", pod, String(family))
  }

  /// A command that runs inside a pod.
  public func inside(_ pod: String, _ program: String, _ arguments: [String]) -> Command {
    command(["exec", directory, pod, "--", program] + arguments)
  }

  /// A command that runs in the network namespace of the node, and in a cgroup below the road's.
  public func onNode(_ program: String, _ arguments: [String]) -> Command {
    let script = """
      cgroup=$("$0" cgroup "$1")/node-side && mkdir -p "$cgroup" && echo $$ >"$cgroup/cgroup.procs" \
      && shift && exec nsenter --net="\(directory)/netns/node" -- "$@"
      """
    let road = "\(Products.repository)/Tests/Roads/road"
    return Command("bash", ["-c", script, road, directory, program] + arguments)
  }
}
