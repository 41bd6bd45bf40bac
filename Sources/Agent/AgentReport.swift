public import Datapath
public import JSON
import Linux

/// What a running agent tells about itself.
public enum AgentReport {
  /// How long an agent may take, which answers between two other things; milliseconds.
  private static let patience = 3000

  /// Asks the agent of a datapath; nil when none runs, or it does not answer.
  public static func fetch(for pins: PinDirectory) -> JSONValue? {
    guard let socket = try? Socket.connect(to: Settings(pins: pins).socket) else { return nil }
    var text: [UInt8] = []
    while let block = try? socket.read(within: patience), !block.isEmpty { text += block }
    return try? JSONValue(parsing: text)
  }
}
