private import BPF
import CShortcut
private import Glibc
public import Linux

/// Puts the datapath on a node, once, and takes it off again.
public struct Loader: Sendable {
  private let image: ProgramImage
  private let pins: PinDirectory

  /// `image` is what to load, `pins` where it lives.
  public init(image: ProgramImage, pins: PinDirectory = .standard) {
    self.image = image
    self.pins = pins
  }

  /// What ``load(on:limits:fault:)`` did.
  public struct Report: Sendable, Hashable {
    /// False when it was loaded already.
    public var isNew: Bool
    /// What it is attached to; nil when that cgroup was removed since.
    public var cgroup: ControlGroup?
    /// A BPF file system was mounted for it.
    public var hasMounted = false
    /// What the self-test found; nil when nothing new was loaded.
    public var facts: KernelFacts?
    /// How peers are read; nil when nothing new was loaded.
    public var access: PeerAccess?
  }

  /// Attaches the datapath to a cgroup, unless that was done before.
  ///
  /// Loaders that run at the same time wait for each other, and one of them attaches. It outlives
  /// this process. Throws ``DatapathError``: `ENOTSUP` with a missing kernel feature's name as
  /// its subject, `EPROTO` when the self-test fails, `EBUSY` when it is attached elsewhere.
  public func load(
    on cgroup: ControlGroup, limits: Limits = Limits(), fault: Fault? = nil
  ) throws(DatapathError) -> Report {
    let hasMounted = try mountFileSystem()
    let lock = try lock()
    defer { withExtendedLifetime(lock) {} }
    if let report = try attachedAlready(on: cgroup) { return report }
    var report = try attach(to: cgroup, limits: limits, fault: fault)
    report.hasMounted = hasMounted
    return report
  }

  /// Tries the programs on this kernel without loading them onto the node, as ``load(on:limits:fault:)``
  /// does before it loads.
  ///
  /// Throws ``DatapathError`` as that does.
  public func test(
    on cgroup: ControlGroup, limits: Limits = Limits()
  ) throws(DatapathError) -> KernelFacts {
    try checkFeatures()
    return try SelfTest(image: image, limits: limits).run(below: cgroup)
  }

  /// Detaches the datapath and removes its pins. Returns false when there was nothing.
  ///
  /// Live connections go on over the stack: the kernel keeps the programs for their sockets until
  /// these close, with the settings they read, so what is queued is read and nothing new joins.
  public func unload() throws(DatapathError) -> Bool {
    guard exists(pins.path) else { return false }
    let lock = try lock()
    defer { withExtendedLifetime(lock) {} }
    // Another release's settings cannot be changed; its programs then serve what is open as before.
    try? drain()
    sleepMilliseconds(Self.drainMilliseconds)
    try detach()
    for map in MapName.allCases {
      try system { () throws(LinuxError) in try removeFile(pins.path(of: map)) }
    }
    try system { () throws(LinuxError) in try removeDirectory(pins.path) }
    return true
  }

  /// Senders that leave get their send buffers back in callbacks, which end with the attachment.
  private static let drainMilliseconds = 200

  private func mountFileSystem() throws(DatapathError) -> Bool {
    guard !BPFFileSystem.contains(pins.parent) else { return false }
    guard BPFFileSystem.isSharedWithNode else {
      throw DatapathError(
        operation: "mount bpf",
        subject: "\(pins.parent) from a container, which ends with it: mount it on the node first",
        code: ENOTSUP)
    }
    try system { () throws(LinuxError) in
      try makeDirectory(pins.parent)
      try BPFFileSystem.mount(on: pins.parent)
    }
    return true
  }

  /// The parent is locked: the directory itself comes and goes.
  private func lock() throws(DatapathError) -> Descriptor {
    try system { () throws(LinuxError) in
      let directory = try Descriptor.open(pins.parent)
      try directory.lock(subject: pins.parent)
      return directory
    }
  }

  private func attachedAlready(on cgroup: ControlGroup) throws(DatapathError) -> Report? {
    guard exists(pins.link) else { return nil }
    let identifier = try datapath { () throws(BPFError) in
      try BPFLink(pinnedAt: pins.link).controlGroupIdentifier()
    }
    try checkVersion()
    let wanted = try system { () throws(LinuxError) in try cgroup.identifier() }
    let attached = ControlGroup(identifier: identifier)
    guard identifier == wanted else {
      throw DatapathError(
        operation: "load on \(cgroup.path)",
        subject: "attached to \(attached?.path ?? "a removed cgroup"), unload first", code: EBUSY)
    }
    return Report(isNew: false, cgroup: attached)
  }

  private func checkVersion() throws(DatapathError) {
    let version = try datapath { () throws(BPFError) in
      try control().value(for: 0)?.abi_version
    }
    guard version == UInt32(SHORTCUT_ABI_VERSION) else {
      throw DatapathError(
        operation: "load", subject: "\(pins.path) holds another release, unload first", code: EPROTO
      )
    }
  }

  private func attach(
    to cgroup: ControlGroup, limits: Limits, fault: Fault?
  ) throws(DatapathError) -> Report {
    try checkFeatures()
    let access: PeerAccess? = fault == .olderKernel ? .probe : nil
    let found = try SelfTest(image: image, limits: limits, access: access).run(below: cgroup)
    let facts = fault == .olderKernel ? .least : found
    try system { () throws(LinuxError) in try makeDirectory(pins.path) }
    let instance = try Instance(image: image, limits: limits, pins: pins, access: access)
    try instance.configure(.init(limits: limits, facts: facts, fault: fault))
    let link = try instance.attach(to: cgroup)
    let plain = ProcessTable.entries().filter { limits.keepsPlain($0, facts) }
    try instance.keepPlain(listeners: plain.flatMap(\.socketInodes))
    try datapath { () throws(BPFError) in try link.pin(at: pins.link) }
    return Report(isNew: true, cgroup: cgroup, facts: facts, access: instance.access)
  }

  private func checkFeatures() throws(DatapathError) {
    for feature in BPFFeature.allCases where feature.isRequired && !feature.isPresent {
      throw DatapathError(
        operation: "load on kernel \(Kernel.release)", subject: "missing \(feature)", code: ENOTSUP)
    }
    try checkFaults()
  }

  /// What the self-test may miss.
  private func checkFaults() throws(DatapathError) {
    guard let version = KernelVersion.running else { return }
    for fault in KernelFault.known(in: version) where fault.weight == .refused {
      throw DatapathError(operation: "load", subject: fault.message(for: version), code: ENOTSUP)
    }
  }

  private func control() throws(BPFError) -> BPFMap<UInt32, shortcut_control> {
    try BPFMap(pinnedAt: pins.path(of: .control))
  }

  private func drain() throws(DatapathError) {
    guard exists(pins.path(of: .control)) else { return }
    try datapath { () throws(BPFError) in
      let control = try control()
      guard var settings = try control.value(for: 0) else { return }
      settings.mode = SHORTCUT_MODE_DRAINING.rawValue
      try control.update(0, to: settings)
    }
  }

  private func detach() throws(DatapathError) {
    guard exists(pins.link) else { return }
    try datapath { () throws(BPFError) in try BPFLink(pinnedAt: pins.link).detach() }
    try system { () throws(LinuxError) in try removeFile(pins.link) }
  }
}
