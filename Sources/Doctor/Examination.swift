public import Datapath
public import Installer

/// What is looked at, and where it is looked for.
public struct Examination: Sendable {
  /// The pins of what is loaded, or would be.
  public var pins: PinDirectory
  /// What compares the plugin and its entry with what should be there.
  public var installer: Installer
  /// ovsdb-server's socket; nil: Open vSwitch is not looked at.
  public var database: String?
  /// The bridge that the pods are connected to.
  public var bridge = "br-int"
  /// A program and its first arguments that clean up after the live test. See ``LiveTest``.
  public var guardian: [String]

  /// States what has no default.
  public init(
    pins: PinDirectory, installer: Installer, database: String?, guardian: [String]
  ) {
    (self.pins, self.installer, self.database) = (pins, installer, database)
    self.guardian = guardian
  }

  /// Looks at everything, one after the other, and tells each finding as it is made.
  public func run(_ tell: (Finding) -> Void) {
    for check in checks { check.findings().forEach(tell) }
  }

  private var checks: [any Check] {
    [
      PrivilegeCheck(), KernelCheck(), KernelFaultCheck(), SecurityCheck(), ControlGroupCheck(),
      PinCheck(pins: pins),
      BufferCheck(), NeighbourCheck(pins: pins), DatapathCheck(pins: pins), PodsCheck(pins: pins),
      AgentCheck(pins: pins), OpenVSwitchCheck(database: database, bridge: bridge),
      PluginCheck(installer: installer), LiveCheck(pins: pins, guardian: guardian),
    ]
  }
}
