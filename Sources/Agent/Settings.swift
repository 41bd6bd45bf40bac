public import Datapath
public import Linux

/// What the operator can choose about the agent.
public struct Settings: Sendable, Hashable {
  /// Which of the sockets of pods that are older than the plugin take part.
  public enum Adoption: String, Sendable, Hashable, CaseIterable {
    /// None: such pods stay as they are.
    case off
    /// Those that are `O_NONBLOCK`.
    case nonblocking
    /// Blocking ones, too.
    case all
  }

  /// Where the container runtime is asked what pods are annotated with.
  public enum RuntimeSocket: Sendable, Hashable {
    /// At the first of the usual places where there is one.
    case usual
    /// Nowhere.
    case none
    /// At this path.
    case at(String)
  }

  /// How lines of the log are written.
  public enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// `level=info event=hold pod=default/web`.
    case text
    /// A JSON object with the same members.
    case json
  }

  /// Where the datapath is pinned.
  public var pins: PinDirectory
  /// The socket of the node's ovsdb-server; nil: OVS is not followed.
  public var database: String? = "/run/openvswitch/db.sock"
  /// Where vswitchd lets the bridge be managed; nil: changes of flows are not followed.
  public var bridge: String? = "/run/openvswitch/br-int.mgmt"
  /// The least time between two revalidations; milliseconds.
  public var revalidationMilliseconds = 1000
  /// What becomes of pods that were there first.
  public var adoption = Adoption.nonblocking
  /// Who knows what such pods are annotated with.
  public var runtime = RuntimeSocket.usual
  /// What comes before the slash in the name of the pod annotation.
  public var annotationPrefix = "ovn.kubernetes.io"
  /// Whether adopted pods of two VPCs are paired.
  public var crossing = Domain.Crossing.same
  /// Where metrics are served; nil: nowhere.
  public var metrics = Endpoint("127.0.0.1:10671")
  /// The least that is logged.
  public var logLevel = Event.Level.info
  /// How it is.
  public var logFormat = LogFormat.text

  /// The defaults, for the datapath pinned in a directory.
  public init(pins: PinDirectory = .standard) {
    self.pins = pins
  }

  /// The agent's own directory, of the same name as the pins'.
  public var runDirectory: String {
    "/run/\(pins.path.split(separator: "/").last ?? "shortcut")"
  }

  /// Where the agent tells how it is.
  public var socket: String { "\(runDirectory)/agent.sock" }
}
