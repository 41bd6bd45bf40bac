private import Linux

/// Undoes what a bench did to the node when the bench is gone, however it went.
///
/// A shell that waits for the end of its standard input: the kernel closes that in every case.
struct Guardian: ~Copyable {
  private let process: ChildProcess

  /// Watches over two pods that will be paused and over directories that will be made; their
  /// sockets and pages go with them. `program` is `shortcutctl`.
  init(
    program: String, pins: String, pods: (String, String), directories: [String]
  ) throws(BenchError) {
    let words = ["sh", "-c", Self.script, "sh", program, pins, pods.0, pods.1] + directories
    let process = try system { () throws(LinuxError) in
      try ChildProcess(words, input: .lifeline)
    }
    let greeting = try system { () throws(LinuxError) in try process.readLine() }
    guard greeting == "ready" else {
      throw BenchError(operation: "start", subject: "sh", reason: "it said '\(greeting)'")
    }
    self.process = process
  }

  /// A cgroup is busy until the last of its processes is gone.
  private static let script = """
    trap '' INT TERM HUP
    echo ready
    cat >/dev/null
    "$1" resume --bpffs-root "$2" "$3" "$4" >&2
    shift 4
    for directory; do
      attempt=0
      until rm -rf "$directory"/*.socket.* "$directory"/*.nginx; rmdir "$directory" || [ "$attempt" -ge 50 ]; do
        attempt=$((attempt + 1))
        sleep 0.1
      done 2>/dev/null
    done
    """
}
