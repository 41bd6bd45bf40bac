/// The environment variables of one call (SPEC section 2, "Parameters"), validated.
public struct Environment: Sendable, Hashable {
  /// The value of `CNI_COMMAND`.
  public let commandName: String
  /// `CNI_CONTAINERID`.
  public let containerID: String
  /// `CNI_NETNS`: path of the container's network namespace; DEL may give none.
  public let networkNamespace: String
  /// `CNI_IFNAME`: name of the interface inside the container.
  public let interfaceName: String
  /// `CNI_ARGS`.
  public let arguments: Arguments
  /// `CNI_NETNS_OVERRIDE`: the container's network namespace may be the plugin's own.
  public let allowsOwnNamespace: Bool

  /// The command; nil when there is none of that name.
  public var command: Command? {
    Command(rawValue: commandName)
  }

  /// Reads and validates the variables that the command needs.
  ///
  /// A value that is present and unusable comes before those that are missing; all missing ones
  /// are named at once. Throws ``CNIError`` with code 4.
  public init(_ variable: (String) -> String?) throws(CNIError) {
    func value(_ name: Variable) -> String { variable(name.rawValue) ?? "" }
    commandName = value(.command)
    containerID = value(.containerID)
    networkNamespace = value(.networkNamespace)
    interfaceName = value(.interfaceName)
    arguments = Arguments(parsing: value(.arguments))
    let override = value(.namespaceOverride)
    allowsOwnNamespace = override == "1" || override.uppercased() == "TRUE"
    try Self.validate(Variable.required(by: command), value)
  }

  private static func validate(
    _ required: [Variable], _ value: (Variable) -> String
  ) throws(CNIError) {
    for variable in required where !value(variable).isEmpty {
      try variable.validate(value(variable))
    }
    let missing = required.filter { value($0).isEmpty }.map(\.rawValue)
    guard missing.isEmpty else {
      throw CNIError(
        code: .invalidEnvironment,
        message: "required env variables [\(missing.joined(separator: ","))] missing")
    }
  }
}
