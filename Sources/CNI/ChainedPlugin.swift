/// A plugin that comes after others in a chain and leaves their result as it is.
///
/// Each command returns lines for standard error and throws ``CNIError`` to fail the call.
public protocol ChainedPlugin {
  /// Name and version, for whoever runs the plugin by hand.
  var about: String { get }

  /// Whether a path leads to the plugin's own network namespace; false when it leads nowhere.
  func isOwnNamespace(_ path: String) -> Bool

  /// `ADD`, with what the plugin before this one answered.
  func add(_ request: Request, after previous: PreviousResult) throws(CNIError) -> [String]

  /// `DEL`.
  func delete(_ request: Request) throws(CNIError) -> [String]

  /// `CHECK`, with what the whole chain answered to ADD; nil when that is not given.
  func check(_ request: Request, after previous: PreviousResult?) throws(CNIError) -> [String]

  /// `GC`, with what must stay.
  func garbageCollect(
    _ request: Request, keeping attachments: ValidAttachments
  ) throws(CNIError) -> [String]

  /// `STATUS`.
  func status(_ request: Request) throws(CNIError) -> [String]
}

/// One validated call.
public struct Request: Sendable {
  /// Who is meant.
  public let environment: Environment
  /// How it is wanted.
  public let configuration: NetworkConfiguration
  /// The version both sides speak.
  public let version: ProtocolVersion

  /// Makes a request from its parts.
  public init(
    environment: Environment, configuration: NetworkConfiguration, version: ProtocolVersion
  ) {
    self.environment = environment
    self.configuration = configuration
    self.version = version
  }
}
