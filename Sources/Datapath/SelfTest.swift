private import BPF
private import Glibc
import Linux

/// Tries the programs on the running kernel before the node's sockets meet them: order, the
/// queue's bound and half-close, byte by byte, in a network namespace and a cgroup of its own.
///
/// A kernel that fails is refused whatever its version says.
struct SelfTest {
  private let image: ProgramImage
  private let limits: Limits
  private let access: PeerAccess?

  init(image: ProgramImage, limits: Limits, access: PeerAccess? = nil) {
    self.image = image
    self.limits = limits
    self.access = access
  }

  /// Throws ``DatapathError``: operation `self-test`, the step as its subject.
  func run(below cgroup: ControlGroup) throws(DatapathError) -> KernelFacts {
    ControlGroup.enterNodeNamespace()
    let own = try system { () throws(LinuxError) in try ControlGroup.own() }
    let scratch = try system { () throws(LinuxError) in
      try cgroup.child(named: "shortcut-self-test.\(getpid())")
    }
    defer { try? scratch.remove() }
    try system { () throws(LinuxError) in try scratch.enter() }
    defer { try? own.enter() }
    return try inNamespace { () throws(DatapathError) in try connectAndCheck(in: scratch) }
  }

  private func inNamespace(
    _ body: () throws(DatapathError) -> KernelFacts
  ) throws(DatapathError) -> KernelFacts {
    let home = try system { () throws(LinuxError) in
      try NetworkNamespace(path: NetworkNamespace.ownPath)
    }
    try system { () throws(LinuxError) in try NetworkNamespace.unshare() }
    let result: Result<KernelFacts, DatapathError>
    do throws(DatapathError) {
      result = .success(try body())
    } catch {
      result = .failure(error)
    }
    try system { () throws(LinuxError) in try home.enter() }
    return try result.get()
  }

  private func connectAndCheck(in cgroup: ControlGroup) throws(DatapathError) -> KernelFacts {
    // Small maps of its own: nothing is pinned, so nothing is left if this process dies.
    var small = limits
    (small.pods, small.connections) = (16, 1024)
    let instance = try Instance(image: image, limits: small, pins: nil, access: access)
    try instance.configure(.init(limits: small, facts: .least))
    let cookie = try system { () throws(LinuxError) in
      try NetworkNamespace(path: NetworkNamespace.ownPath).cookie()
    }
    try instance.allow(.loopback4, inNetns: cookie)
    let link = try instance.attach(to: cgroup)
    let connection = try system { () throws(LinuxError) in try LoopbackConnection() }
    let facts = try check(connection, of: instance)
    try datapath { () throws(BPFError) in try link.detach() }
    return facts
  }

  private func check(
    _ connection: borrowing LoopbackConnection, of instance: borrowing Instance
  ) throws(DatapathError) -> KernelFacts {
    try expect(try instance.counters().pairs == 1, "the two ends find each other")
    try checkOrder(connection, of: instance)
    let isAccounted = try queueIsAccounted(connection, of: instance)
    let isCounted = try checkBound(connection, of: instance)
    try checkHalfClose(connection)
    return KernelFacts(isReceiveQueueAccounted: isAccounted, isInputCounted: isCounted)
  }

  /// The second message must not overtake the first; none is so small that it keeps to the stack.
  private func checkOrder(
    _ connection: borrowing LoopbackConnection, of instance: borrowing Instance
  ) throws(DatapathError) {
    let before = try instance.counters().shortcutMessages
    let bytes = Pattern(start: 0).bytes(12000)
    for range in [0..<4000, 4000..<8000] { try send(Array(bytes[range]), on: connection) }
    try expect(
      try receive(8000, on: connection) == Array(bytes[..<8000]), "messages arrive in order")
    try send(Array(bytes[8000...]), on: connection)
    try expect(
      try receive(4000, on: connection) == Array(bytes[8000...]), "a message arrives whole")
    let after = try instance.counters().shortcutMessages
    try expect(after > before, "a message takes the shortcut")
  }

  private func queueIsAccounted(
    _ connection: borrowing LoopbackConnection, of instance: borrowing Instance
  ) throws(DatapathError) -> Bool {
    let before = try instance.counters().shortcutBytes
    try send(Pattern(start: 7).bytes(5000), on: connection)
    try expect(
      try instance.counters().shortcutBytes == before + 5000,
      "a drained direction uses the shortcut")
    let charged = try system { () throws(LinuxError) in
      try connection.server.receiveQueueMemory()
    }
    try expect(
      try receive(5000, on: connection) == Pattern(start: 7).bytes(5000), "a queued message arrives"
    )
    return charged >= 5000
  }

  /// A reader that does not read must stop the sender, and lose nothing.
  ///
  /// By then bytes wait on both paths; returns whether FIONREAD counts both.
  private func checkBound(
    _ connection: borrowing LoopbackConnection, of instance: borrowing Instance
  ) throws(DatapathError) -> Bool {
    let before = try instance.counters().shortcutBytes
    let ceiling = 64 << 20
    let block = Pattern(start: 0).bytes(251 * 64)
    var sent = 0
    while sent < ceiling {
      let next = block[(sent % block.count)...]
      let count = try system { () throws(LinuxError) in try connection.client.send(next) }
      guard count > 0 else { break }
      sent += count
    }
    try expect(sent < ceiling, "the queue is bounded")
    let redirected = try instance.counters().shortcutBytes - before
    let readable = try system { () throws(LinuxError) in try connection.server.readableBytes() }
    var received = 0
    while received < sent {
      let bytes = try receive(min(sent - received, 1 << 16), on: connection)
      try expect(
        bytes == Pattern(start: UInt8(received % 251)).bytes(bytes.count),
        "a full queue drains in order")
      received += bytes.count
    }
    return UInt64(readable) > redirected
  }

  /// The other direction goes on after one end has said all it had to say.
  private func checkHalfClose(_ connection: borrowing LoopbackConnection) throws(DatapathError) {
    try system { () throws(LinuxError) in try connection.client.endSending() }
    let end = try system { () throws(LinuxError) in try connection.server.receive(1) }
    try expect(end == [], "the end of the stream arrives")
    let bytes = Pattern(start: 3).bytes(4000)
    let sent = try system { () throws(LinuxError) in try connection.server.send(bytes[...]) }
    try expect(sent == bytes.count, "a half-closed connection takes data")
    let received = try system { () throws(LinuxError) in try connection.client.receive(8000) }
    try expect(received == bytes, "a half-closed connection delivers data")
  }
}

extension SelfTest {
  private func send(
    _ bytes: [UInt8], on connection: borrowing LoopbackConnection
  ) throws(DatapathError) {
    let count = try system { () throws(LinuxError) in try connection.client.send(bytes[...]) }
    try expect(count == bytes.count, "a message is taken whole")
  }

  /// Exactly so many bytes, or fewer when the sender is silent for a second.
  private func receive(
    _ count: Int, on connection: borrowing LoopbackConnection
  ) throws(DatapathError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let missing = count - bytes.count
      let more = try system { () throws(LinuxError) in try connection.server.receive(missing) }
      guard let more, !more.isEmpty else { break }
      bytes += more
    }
    return bytes
  }

  private func expect(_ isTrue: Bool, _ step: String) throws(DatapathError) {
    guard isTrue else {
      throw DatapathError(operation: "self-test", subject: step, code: EPROTO)
    }
  }

  /// Bytes that tell their place: they repeat after 251, a prime, so no block size hides a shift.
  private struct Pattern {
    let start: UInt8

    func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { UInt8((Int(start) + $0) % 251) }
    }
  }
}
