public import Datapath
public import Linux
private import Programs

/// What keeps a node's datapath in place.
public struct Agent: Sendable {
  private let loader: Loader

  /// Works on the datapath pinned in a directory.
  public init(pins: PinDirectory) {
    loader = Loader(image: .shortcut, pins: pins)
  }

  /// Loads the datapath unless it is loaded, says so, and returns when a signal asks to stop.
  ///
  /// The datapath stays: only `unload` takes it off the node. Throws ``DatapathError``.
  public func run(
    on cgroup: ControlGroup, limits: Limits, report: (Loader.Report) -> Void
  ) throws(DatapathError) {
    report(try loader.load(on: cgroup, limits: limits))
    waitForTermination()
  }
}
