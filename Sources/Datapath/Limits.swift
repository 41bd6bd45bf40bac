private import BPF
import CShortcut
import Linux

/// How large the datapath may grow, and how much one connection may queue.
public struct Limits: Sendable, Hashable {
  /// Attachments that can be registered at once.
  public var pods = 4096
  /// Connections that can use the shortcut at once.
  public var connections = 65536
  /// Payload bytes that may wait in one direction's queue.
  public var queueBytes = 1 << 20
  /// Messages that may wait in one direction's queue; each costs a KiB that nobody accounts.
  public var queueMessages = 4096

  /// Pair connections that are likely to be short too: each costs more than it gains.
  public var pairsShortLived = false
  /// Shorten TLS where the kernel has TLS of its own, too: no program of the node uses kTLS.
  public var shortensTLS = false
  /// Names of programs that splice(2) from sockets, which the shortcut cannot serve: what they
  /// listen on and connect stays plain. The kernel keeps the first 15 bytes of a program's name.
  public var splicingPrograms = ["haproxy"]
  /// Names of programs that trust FIONREAD on edge-triggered sockets; they stay plain where the
  /// kernel's answer leaves out what waits on one path.
  public var countingPrograms = ["nginx"]
  /// How many names there can be in both lists.
  public static let programsMax = Int(SHORTCUT_SPLICERS_MAX)

  /// The defaults.
  public init() {}

  /// Programs whose connections stay plain on a kernel, by name.
  func programsKeptPlain(_ facts: KernelFacts) -> [String] {
    splicingPrograms + (facts.isInputCounted ? [] : countingPrograms)
  }

  /// Whether what a running program listens on stays plain: it has one of these names, or is Go's,
  /// whose runtime alone handles SIGFPE, SIGSEGV, SIGURG and SIGPROF.
  func keepsPlain(_ process: ProcessTable.Entry, _ facts: KernelFacts) -> Bool {
    let signals: UInt64 = [8, 11, 23, 27].reduce(0) { $0 | 1 << ($1 - 1) }
    return process.caughtSignals & signals == signals
      || programsKeptPlain(facts).contains { process.name == String($0.prefix(15)) }
  }

  /// Entries of each map whose size depends on the above.
  ///
  /// A pod has up to four addresses (two families, two loopbacks), a connection two sockets.
  var capacities: [(map: MapName, entries: Int)] {
    [
      (.attachments, pods), (.allowlist, pods * 4), (.requests, max(connections, 4096)),
      (.clients, max(connections, 4096)), (.pairs, connections), (.sockhash, connections * 2),
      (.listeners, max(pods * 4, 4096)), (.programs, max(pods * 4, 4096)),
      (.habits, max(pods * 16, 4096)),
    ]
  }

  /// SO_RCVBUF of a receiver, before the kernel doubles it: a third more than the bound, so that
  /// packets of the stack find room behind a full queue; no more than net.core.rmem_max, to which
  /// the kernel would cut it.
  var valveReceiveBuffer: Int {
    min(queueBytes / 3 * 2, Self.largestReceiveBuffer)
  }

  private static var largestReceiveBuffer: Int {
    setting("rmem_max") ?? 212_992
  }
}

/// The small SO_SNDBUF of a sender that met the bound, in bytes before the kernel doubles it.
enum Valve {
  /// The smallest the kernel gives.
  static let sendBuffer = 2304
  /// For a sender that stays on the stack after all.
  static let openSendBuffer = 1 << 20
  /// The round trip from which the stack is slow, and better at putting small writes together;
  /// microseconds.
  static let slowRoundTrip = 30
}

/// What only a trial on the running kernel tells.
public struct KernelFacts: Sendable, Hashable {
  /// Redirected bytes are charged to the receiver's `sk_rmem_alloc` (6.1.123, 6.12.8, 6.13).
  public var isReceiveQueueAccounted: Bool
  /// FIONREAD counts what waits on either path (6.12.114, 6.18.58, 7.2.12). Programs that trust it
  /// and wait for an edge of epoll hang where it does not.
  public var isInputCounted: Bool

  /// States the facts; the cautious choice is `false`.
  public init(isReceiveQueueAccounted: Bool, isInputCounted: Bool) {
    self.isReceiveQueueAccounted = isReceiveQueueAccounted
    self.isInputCounted = isInputCounted
  }
}

/// Faults that tests put in, to see that the tests see them.
public enum Fault: Sendable, Hashable {
  /// A direction joins the shortcut without proof that the stack's bytes were consumed.
  case joinWithoutProof
  /// What the kernel has and older ones lack is not used.
  case olderKernel
}

extension KernelFacts {
  /// What every kernel gives that the datapath runs on.
  static let least = KernelFacts(isReceiveQueueAccounted: false, isInputCounted: false)
}

extension shortcut_control {
  /// Names that are too many or too long for the kernel's own field are cut as the kernel cuts.
  private mutating func setSplicers(_ names: [String]) {
    let size = Int(SHORTCUT_COMMAND_SIZE)
    let fields = names.prefix(Limits.programsMax).flatMap { name in
      let bytes = Array(name.utf8.prefix(size - 1))
      return bytes + [UInt8](repeating: 0, count: size - bytes.count)
    }
    _ = fill(&splicers, with: fields)
  }

  init(limits: Limits, facts: KernelFacts, fault: Fault? = nil) {
    self.init()
    abi_version = UInt32(SHORTCUT_ABI_VERSION)
    mode = SHORTCUT_MODE_RUNNING.rawValue
    queue_bytes = UInt32(limits.queueBytes)
    queue_messages = UInt32(limits.queueMessages)
    valve_send_buffer = UInt32(Valve.sendBuffer)
    valve_send_buffer_open = UInt32(Valve.openSendBuffer)
    slow_round_trip = UInt32(Valve.slowRoundTrip)
    valve_receive_buffer = UInt32(limits.valveReceiveBuffer)
    receive_queue_accounted = facts.isReceiveQueueAccounted ? 1 : 0
    fault_join_unproven = fault == .joinWithoutProof ? 1 : 0
    memory_uncounted = UInt32(clamping: TCPMemory.uncounted)
    pair_short_lived = limits.pairsShortLived ? 1 : 0
    kernel_tls = KernelTLS.isPresent ? 1 : 0
    shorten_tls = limits.shortensTLS ? 1 : 0
    setSplicers(limits.programsKeptPlain(facts))
  }
}
