private import BPF
import CShortcut
private import Glibc
public import Linux

/// Puts the datapath on a node, once, and takes it off again.
public struct Loader: Sendable {
  let image: ProgramImage
  let pins: PinDirectory

  /// `image` is what to load, `pins` where it lives.
  public init(image: ProgramImage, pins: PinDirectory = .standard) {
    self.image = image
    self.pins = pins
  }

  /// Attaches the datapath to a cgroup, unless that was done before.
  ///
  /// Another build of the programs takes the place of the one that is attached, with its maps: what
  /// is open goes on, what begins has the new ones. What pins lack is mended. Loaders that run at
  /// the same time wait for each other, and one of them attaches. It outlives this process.
  ///
  /// Throws ``DatapathError``: `ENOTSUP` with a missing kernel feature's name as its subject,
  /// `EPROTO` when the self-test fails or another release's maps are there, `EBUSY` when it is
  /// attached elsewhere. What was attached stays so.
  public func load(
    on cgroup: ControlGroup, limits: Limits = Limits(), fault: Fault? = nil
  ) throws(DatapathError) -> Report {
    let hasMounted = try mountFileSystem()
    let lock = try pins.lockParent()
    defer { withExtendedLifetime(lock) {} }
    try refuseOtherRelease()
    let wanted = Wanted(cgroup: cgroup, limits: limits, fault: fault)
    let mended = try mend()
    var report: Report
    if let anchor = try whole() {
      report = try join(anchor, wanted)
    } else {
      report = try begin(wanted)
    }
    report.hasMounted = hasMounted
    report.mended = mended
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
  /// `held` is the identifier of a link that an agent holds, whose pins may be gone.
  public func unload(held: UInt32? = nil) throws(DatapathError) -> Bool {
    let lock = exists(pins.parent) ? try pins.lockParent() : nil
    defer { withExtendedLifetime(lock) {} }
    let isAttached = try end(held: held)
    guard exists(pins.path) else { return isAttached }
    try removePins { _ in true }
    try system { () throws(LinuxError) in try removeDirectory(pins.path) }
    return true
  }

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

  /// Nobody polices what this release does not understand: it is kept off the shortcut until it is
  /// unloaded, or its own agent is back.
  private func refuseOtherRelease() throws(DatapathError) {
    guard let release = try Release(pins), let version = try release.otherVersion() else { return }
    try release.addMode(SHORTCUT_MODE_HELD.rawValue)
    throw DatapathError(
      operation: "load",
      subject: "\(pins.path) holds another release (layout \(version), this is "
        + "\(SHORTCUT_ABI_VERSION)); the node is held off the shortcut until it is unloaded",
      code: EPROTO)
  }
}

/// What is to be loaded, and onto what.
struct Wanted {
  var cgroup: ControlGroup
  var limits: Limits
  var fault: Fault?

  /// How peers are to be read; nil: as the kernel allows best.
  var access: PeerAccess? { fault == .olderKernel ? .probe : nil }
}
