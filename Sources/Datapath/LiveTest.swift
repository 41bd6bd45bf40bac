private import BPF
import CShortcut
private import Glibc
import Linux

/// Tries what is loaded: two network namespaces, a cable between them, and bytes that are checked.
///
/// The namespaces have no names and the connection no pod; only two entries of the allowlist tell
/// of them. Someone else takes these out when this process is gone, however it went: a guardian,
/// which is started first and ends with the test. What even that one left is removed by the next
/// test.
public struct LiveTest {
  /// What the connection carried.
  public struct Report: Sendable, Hashable {
    /// Payload over the shortcut, both directions.
    public var shortcutBytes: UInt64
    /// Payload over the stack, both directions.
    public var stackBytes: UInt64
  }

  private let pins: PinDirectory
  private let image: ProgramImage
  private let guardian: [String]

  /// `image` is `ProgramImage.connections`. `guardian` is a program and its first arguments, to
  /// which those of ``Remains`` are added; it calls ``Remains/remove()`` at the end of its input.
  public init(pins: PinDirectory, image: ProgramImage, guardian: [String]) {
    (self.pins, self.image, self.guardian) = (pins, image, guardian)
  }

  /// Moves this process into the cgroup that the datapath sees, unless it is there, and back.
  ///
  /// Throws ``DatapathError``: operation `live test`, the step as its subject; `EBUSY` when another
  /// test runs.
  public func run() throws(DatapathError) -> Report {
    guard let cgroup = try Status(pins).cgroup else {
      throw DatapathError(operation: "live test", subject: "the attached cgroup", code: ENOENT)
    }
    ControlGroup.enterNodeNamespace()
    let lock = try lock(cgroup)
    defer { withExtendedLifetime(lock.rawValue) {} }
    try Remains.removeAll(pins, below: cgroup)
    let exchange = Exchange(try ConnectionSource(image: image, pins: pins))
    let cable = try system { () throws(LinuxError) in try Cable() }
    let remains = try remains(of: cable, cgroup)
    let guardian = try start(remains)
    defer { withExtendedLifetime(guardian) {} }
    try remains.allow(.client, .server)
    return try inside(cgroup, remains.cgroup) { () throws(DatapathError) in
      let connection = try system { () throws(LinuxError) in try cable.connect() }
      return try exchange.run(over: connection, inNetns: remains.cookies)
    }
  }

  /// One test at a time: the lock ends with its process.
  private func lock(_ cgroup: ControlGroup) throws(DatapathError) -> Descriptor {
    let directory = try system { () throws(LinuxError) in try Descriptor.open(cgroup.path) }
    for _ in 0..<100 {
      let isLocked = try system { () throws(LinuxError) in
        try directory.tryLock(subject: cgroup.path)
      }
      if isLocked { return directory }
      sleepMilliseconds(100)
    }
    throw DatapathError(operation: "live test", subject: "another one that runs", code: EBUSY)
  }

  private func remains(
    of cable: borrowing Cable, _ cgroup: ControlGroup
  ) throws(DatapathError) -> Remains {
    let own = try system { () throws(LinuxError) in try ControlGroup.own() }
    let isSeen = own.path == cgroup.path || own.path.hasPrefix("\(cgroup.path)/")
    let cookies = try system { () throws(LinuxError) in
      (try cable.clientNamespace.cookie(), try cable.serverNamespace.cookie())
    }
    return Remains(
      pins: pins, cookies: (cookies.0, cookies.1),
      cgroup: isSeen ? nil : "\(cgroup.path)/\(Remains.cgroupPrefix)\(getpid())")
  }

  private func start(_ remains: Remains) throws(DatapathError) -> ChildProcess {
    let process = try system { () throws(LinuxError) in
      try ChildProcess(guardian + remains.arguments, input: .lifeline)
    }
    let greeting = try system { () throws(LinuxError) in try process.readLine() }
    guard greeting == Remains.greeting else {
      throw DatapathError(operation: "live test", subject: "the guardian starts", code: ECHILD)
    }
    return process
  }

  private func inside(
    _ cgroup: ControlGroup, _ path: String?, _ body: () throws(DatapathError) -> Report
  ) throws(DatapathError) -> Report {
    guard let path else { return try body() }
    let scratch = ControlGroup(path: path)
    let own = try system { () throws(LinuxError) in
      let own = try ControlGroup.own()
      _ = try cgroup.child(named: String(path.dropFirst(cgroup.path.count + 1)))
      try scratch.enter()
      return own
    }
    defer { try? own.enter() }
    return try body()
  }
}
