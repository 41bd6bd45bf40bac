import Datapath
import Linux

/// Whether receivers can be given the buffers that the queue's bound needs.
struct BufferCheck: Check {
  var path = "/proc/sys/net/core/rmem_max"
  var wanted = Limits().queueBytes / 3 * 2

  func findings() -> [Finding] {
    guard let text = try? readText(path), let limit = Int(text.prefix { $0.isNumber }) else {
      return [Finding(.warn, "buffers", "\(path) cannot be read")]
    }
    guard limit >= wanted else {
      return [
        Finding(
          .warn, "buffers",
          "net.core.rmem_max is \(limit): queues are bounded lower than configured",
          "sysctl -w net.core.rmem_max=\(wanted), then unload and load")
      ]
    }
    return [Finding(.ok, "buffers", "net.core.rmem_max is \(limit)")]
  }
}
