import Linux

/// The node's container runtime, asked over its CRI socket.
struct Runtime {
  /// Where runtimes listen unless they are told otherwise.
  static let sockets = [
    "/run/containerd/containerd.sock", "/run/crio/crio.sock",
    "/run/k3s/containerd/containerd.sock", "/run/cri-dockerd.sock",
  ]
  /// How long it may keep silent; milliseconds.
  private static let patience = 2000

  let socket: String

  /// Nil when there is none.
  init?(_ choice: Settings.RuntimeSocket) {
    switch choice {
    case .none: return nil
    case .at(let path): socket = path
    case .usual:
      guard let path = Self.sockets.first(where: exists) else { return nil }
      socket = path
    }
  }

  /// All its pods. Throws ``AgentError``.
  func sandboxes() throws(AgentError) -> [Sandbox] {
    var call = RuntimeCall("/runtime.v1.RuntimeService/ListPodSandbox")
    let connection = try system { () throws(LinuxError) in try Socket.connect(to: socket) }
    try system { () throws(LinuxError) in try connection.write(call.request) }
    while true {
      let bytes = try system { () throws(LinuxError) in
        try connection.read(within: Self.patience)
      }
      guard let bytes, !bytes.isEmpty else { throw fault("no answer") }
      switch call.take(bytes) {
      case .pending(let answer):
        guard !answer.isEmpty else { continue }
        try system { () throws(LinuxError) in try connection.write(answer) }
      case .refused: throw fault("it does not serve runtime.v1")
      case .done(let message):
        guard let sandboxes = Sandbox.list(message) else { throw fault("not understood") }
        return sandboxes
      }
    }
  }

  private func fault(_ reason: String) -> AgentError {
    AgentError(operation: "list pods", subject: socket, reason: reason)
  }
}
