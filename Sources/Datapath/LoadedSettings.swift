private import BPF
import CShortcut

/// What the loaded datapath goes by: chosen when it was loaded, or found out then.
public struct LoadedSettings: Sendable, Hashable {
  /// Payload bytes that may wait in one direction's queue.
  public let queueBytes: Int
  /// Messages that may wait in one direction's queue.
  public let queueMessages: Int
  /// SO_RCVBUF of a receiver whose sender runs ahead; bytes.
  public let receiveBuffer: Int
  /// The kernel charges redirected bytes to the receiver.
  public let isReceiveQueueAccounted: Bool
  /// Connections are paired however short those before them were.
  public let pairsShortLived: Bool
  /// The kernel has TLS of its own, so connections that speak TLS stay plain.
  public let keepsTLSPlain: Bool
  /// Programs whose connections stay plain, by name.
  public let programsKeptPlain: [String]

  /// Reads the pins. Throws ``DatapathError``: `ENOENT` when nothing is loaded there, `EPROTO` when
  /// another release is.
  public init(_ pins: PinDirectory) throws(DatapathError) {
    let control = try datapath { () throws(BPFError) in
      try BPFMap<UInt32, shortcut_control>(pinnedAt: pins.path(of: .control)).value(for: 0)
    }
    self.init(control ?? shortcut_control())
  }

  init(_ control: shortcut_control) {
    queueBytes = Int(control.queue_bytes)
    queueMessages = Int(control.queue_messages)
    receiveBuffer = Int(control.valve_receive_buffer)
    isReceiveQueueAccounted = control.receive_queue_accounted != 0
    pairsShortLived = control.pair_short_lived != 0
    keepsTLSPlain = control.kernel_tls != 0 && control.shorten_tls == 0
    let size = Int(SHORTCUT_COMMAND_SIZE)
    let names = bytes(of: control.splicers)
    programsKeptPlain = stride(from: 0, to: names.count, by: size).compactMap { start in
      let name = names[start..<start + size].prefix { $0 != 0 }
      return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }
  }
}
