/// OpenFlow 1.0 with Open vSwitch's flow monitor: tells that flows of a bridge have changed.
///
/// What has changed is not looked at. The layouts are those of `openflow-common.h` and
/// `nicira-ext.h`, in network byte order.
struct FlowDialogue: Dialogue {
  /// What the bridge tells.
  enum News: Sendable, Hashable {
    /// Flows have changed, or are watched from now on.
    case flowsChanged
  }

  private var buffer: [UInt8] = []

  init() {}

  /// `OFPT_HELLO`, then a request to be told of every flow that is added, removed or modified.
  mutating func greeting() -> [UInt8] {
    Message(.hello, transaction: 1).bytes
      + Message(.statisticsRequest, transaction: 2, body: Self.monitorRequest).bytes
  }

  mutating func probe() -> [UInt8] {
    Message(.echoRequest, transaction: 3).bytes
  }

  mutating func take(_ bytes: [UInt8]) throws(AgentError) -> Reaction<News> {
    buffer.append(contentsOf: bytes)
    var reaction = Reaction<News>()
    while let message = try nextMessage() {
      switch message.type {
      case .echoRequest:
        let reply = Message(.echoReply, transaction: message.transaction, body: message.body)
        reaction.answer += reply.bytes
      case .error: throw Self.refusal(message.body)
      case .statisticsReply, .vendor: reaction.news = [.flowsChanged]
      default: break
      }
    }
    return reaction
  }

  private mutating func nextMessage() throws(AgentError) -> Message? {
    guard buffer.count >= Message.headerSize else { return nil }
    let length = Int(buffer[2]) << 8 | Int(buffer[3])
    guard length >= Message.headerSize else {
      throw AgentError(
        operation: "read", subject: "openflow", reason: "a message of \(length) bytes")
    }
    guard buffer.count >= length else { return nil }
    let message = Message(Array(buffer[..<length]))
    buffer.removeFirst(length)
    return message
  }

  /// `OFPT_ERROR`: type and code, two bytes each.
  private static func refusal(_ body: [UInt8]) -> AgentError {
    let isVersion = body.prefix(2).elementsEqual([0, 0])
    return AgentError(
      operation: "watch flows", subject: "openflow",
      reason: isVersion
        ? "version 1.0 is refused: add OpenFlow10 to the bridge's protocols"
        : "the bridge refuses (error \(body.prefix(4).map(String.init).joined(separator: " ")))")
  }

  /// `NXST_FLOW_MONITOR`: all tables and ports, no match; whatever adds, deletes or modifies.
  private static let monitorRequest: [UInt8] =
    [0xff, 0xff, 0, 0]  // OFPST_VENDOR, no flags
    + [0, 0, 0x23, 0x20, 0, 0, 0, 2, 0, 0, 0, 0]  // NX_VENDOR_ID, NXST_FLOW_MONITOR, pad
    + [0, 0, 0, 1, 0, 0x2e, 0xff, 0xff]  // id, ADD | DELETE | MODIFY | OWN, OFPP_NONE
    + [0, 0, 0xff, 0, 0, 0, 0, 0]  // no match, any table
}

extension FlowDialogue {
  private enum Kind: UInt8 {
    case hello = 0
    case error = 1
    case echoRequest = 2
    case echoReply = 3
    case vendor = 4
    case statisticsRequest = 16
    case statisticsReply = 17
  }

  /// `struct ofp_header` and what follows it.
  private struct Message {
    static let headerSize = 8
    private static let version: UInt8 = 1

    let type: Kind?
    let transaction: [UInt8]
    let body: [UInt8]
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
      type = Kind(rawValue: bytes[1])
      transaction = Array(bytes[4..<8])
      body = Array(bytes[Self.headerSize...])
      self.bytes = bytes
    }

    init(_ type: Kind, transaction: UInt8) {
      self.init(type, transaction: transaction, body: [])
    }

    init(_ type: Kind, transaction: UInt8, body: [UInt8]) {
      self.init(type, transaction: [0, 0, 0, transaction], body: body)
    }

    init(_ type: Kind, transaction: [UInt8], body: [UInt8]) {
      let length = Self.headerSize + body.count
      self.init(
        [
          Self.version, type.rawValue, UInt8(truncatingIfNeeded: length >> 8),
          UInt8(truncatingIfNeeded: length),
        ] + transaction + body)
    }
  }
}
