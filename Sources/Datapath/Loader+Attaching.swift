private import BPF
import CShortcut
private import Glibc
private import Linux

extension Loader {
  /// The attached datapath, if no pin of it is missing.
  func whole() throws(DatapathError) -> Anchor? {
    guard let anchor = try Anchor.pinned(pins), try anchor.controlGroupIdentifier() != 0,
      MapName.allCases.allSatisfy({ exists(pins.path(of: $0)) })
    else { return nil }
    return anchor
  }

  /// Pins again what is still there though its pin is not. Returns the names.
  ///
  /// The link is found by the maps that its program uses, those by the link's program.
  func mend() throws(DatapathError) -> [String] {
    guard let anchor = try Anchor.find(pins), try anchor.controlGroupIdentifier() != 0 else {
      return []
    }
    var mended: [String] = []
    for (name, identifier) in try anchor.maps() where !exists(pins.path(of: name)) {
      try datapath { () throws(BPFError) in
        try BPFAnyMap(identifier: identifier).pin(at: pins.path(of: name))
      }
      mended.append(name.rawValue)
    }
    if !exists(pins.link) {
      try datapath { () throws(BPFError) in try anchor.link.pin(at: pins.link) }
      mended.append("link")
    }
    return mended.sorted()
  }

  /// Uses what is attached, with this build's programs.
  func join(_ anchor: borrowing Anchor, _ wanted: Wanted) throws(DatapathError) -> Report {
    let identifier = try anchor.controlGroupIdentifier()
    let attached = ControlGroup(identifier: identifier)
    guard try system({ () throws(LinuxError) in try wanted.cgroup.identifier() }) == identifier
    else {
      throw DatapathError(
        operation: "load on \(wanted.cgroup.path)",
        subject: "attached to \(attached?.path ?? "a removed cgroup"), unload first", code: EBUSY)
    }
    let room = try room()
    var report = Report(outcome: .present, cgroup: attached)
    if try digest() != image.digest {
      report = try replace(anchor, wanted, room)
    } else {
      try NodeSwitch(pins).note(kernelTLS: KernelTLS.isPresent)
    }
    report.keptRoom = room == Room(wanted.limits) ? nil : room
    return report
  }

  /// The room of the pinned maps.
  private func room() throws(DatapathError) -> Room {
    Room(
      pods: try pins.map(.attachments)?.capacity ?? 0,
      connections: try pins.map(.pairs)?.capacity ?? 0)
  }

  private func digest() throws(DatapathError) -> UInt32? {
    try datapath { () throws(BPFError) in try control().value(for: 0)?.image }
  }

  private func control() throws(BPFError) -> BPFMap<UInt32, shortcut_control> {
    try BPFMap(pinnedAt: pins.path(of: .control))
  }

  /// Puts this build's programs in the place of another's, on the same maps.
  ///
  /// The sockets that are in the sockhash keep the message program they have. Whoever is killed half
  /// way through leaves the other build's digest: the next loader does all of it again.
  private func replace(
    _ anchor: borrowing Anchor, _ wanted: Wanted, _ room: Room
  ) throws(DatapathError) -> Report {
    var limits = wanted.limits
    (limits.pods, limits.connections) = (room.pods, room.connections)
    let facts = try test(wanted, limits)
    let instance = try Instance(image: image, limits: limits, pins: pins, access: wanted.access)
    try instance.replace(anchor.link)
    let lock = try pins.lock()
    defer { withExtendedLifetime(lock) {} }
    var settings = shortcut_control(limits: limits, facts: facts, fault: wanted.fault)
    settings.image = image.digest
    settings.mode = try Release(pins)?.mode() ?? 0
    try instance.configure(settings)
    return Report(
      outcome: .replaced, cgroup: wanted.cgroup, facts: facts, access: instance.access)
  }

  /// Attaches the programs with new maps; what pods were registered for is kept if it is there.
  func begin(_ wanted: Wanted) throws(DatapathError) -> Report {
    let facts = try test(wanted, wanted.limits)
    // Without settings nobody knows whose layout the others have.
    let suspensions = try Release(pins)?.mode()
    _ = try end(held: nil)
    let isRegistryWhole =
      suspensions != nil && Self.registry.allSatisfy { exists(pins.path(of: $0)) }
    try removePins { name in !(isRegistryWhole && Self.registry.contains { $0.rawValue == name }) }
    try system { () throws(LinuxError) in try makeDirectory(pins.path) }
    var limits = wanted.limits
    if isRegistryWhole { limits.pods = try pins.map(.attachments)?.capacity ?? limits.pods }
    let instance = try Instance(image: image, limits: limits, pins: pins, access: wanted.access)
    var settings = shortcut_control(limits: limits, facts: facts, fault: wanted.fault)
    settings.image = image.digest
    settings.mode = (suspensions ?? 0) & ~SHORTCUT_MODE_DRAINING.rawValue
    try instance.configure(settings)
    let link = try instance.attach(to: wanted.cgroup)
    let plain = ProcessTable.entries().filter { limits.keepsPlain($0, facts) }
    try instance.keepPlain(listeners: plain.flatMap(\.socketInodes))
    try datapath { () throws(BPFError) in try link.pin(at: pins.link) }
    var report = Report(
      outcome: .attached, cgroup: wanted.cgroup, facts: facts, access: instance.access)
    report.keptRoom = limits.pods == wanted.limits.pods ? nil : Room(limits)
    return report
  }

  /// What survives a new start: pods are registered once.
  private static let registry: [MapName] = [.attachments, .allowlist]

  private func test(_ wanted: Wanted, _ limits: Limits) throws(DatapathError) -> KernelFacts {
    try checkFeatures()
    let test = SelfTest(image: image, limits: limits, access: wanted.access)
    let found = try test.run(below: wanted.cgroup)
    return wanted.fault == .olderKernel ? .least : found
  }

  func checkFeatures() throws(DatapathError) {
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
}

extension Loader.Room {
  fileprivate init(_ limits: Limits) {
    self.init(pods: limits.pods, connections: limits.connections)
  }
}
