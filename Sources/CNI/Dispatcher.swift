internal import JSON

/// Serves one call: a function of the environment and standard input.
///
/// `input` is called at most once, and never for `VERSION`: a runtime may leave standard input
/// open there. Throw ``CNIError`` from it when it cannot be read.
public func run(
  environment: (String) -> String?, input: () throws(CNIError) -> [UInt8],
  plugin: some ChainedPlugin
) -> Outcome {
  guard let command = environment(Variable.command.rawValue), !command.isEmpty else {
    let versions = ProtocolVersion.allCases.map(\.rawValue).joined(separator: ", ")
    return Outcome(
      diagnostics: [plugin.about, "CNI protocol versions supported: \(versions)"])
  }
  guard command != Command.version.rawValue else {
    return Outcome(output: Array(ProtocolVersion.report.utf8))
  }
  var dispatcher = Dispatcher(plugin: plugin)
  do throws(CNIError) {
    return try dispatcher.serve(try Environment(environment), input)
  } catch {
    return .failure(error, version: dispatcher.version)
  }
}

private struct Dispatcher<Plugin: ChainedPlugin> {
  let plugin: Plugin
  /// The version an error is written in: the configuration's as soon as it is known.
  var version = ProtocolVersion.latest

  mutating func serve(
    _ environment: Environment, _ input: () throws(CNIError) -> [UInt8]
  ) throws(CNIError) -> Outcome {
    let configuration = try NetworkConfiguration(parsing: try input())
    guard let command = environment.command else {
      throw CNIError(
        code: .invalidEnvironment, message: "unknown CNI_COMMAND: \(environment.commandName)")
    }
    version = try configuration.version(for: command)
    return try serve(
      command,
      Request(environment: environment, configuration: configuration, version: version))
  }

  private func serve(_ command: Command, _ request: Request) throws(CNIError) -> Outcome {
    switch command {
    case .add: try add(request)
    case .delete: try delete(request)
    case .check: try check(request)
    case .garbageCollect: try garbageCollect(request)
    case .status: Outcome(diagnostics: try plugin.status(request))
    case .version: Outcome(output: Array(ProtocolVersion.report.utf8))
    }
  }

  private func add(_ request: Request) throws(CNIError) -> Outcome {
    let previous = try request.configuration.previousResult()
    try refuseOwnNamespace(request.environment)
    let diagnostics = try plugin.add(request, after: previous)
    return Outcome(
      output: Array(previous.text(for: request.version).bytes), diagnostics: diagnostics)
  }

  /// What the plugin itself keeps goes in any case: the path may lead to the plugin's own
  /// namespace only because the container's is gone.
  private func delete(_ request: Request) throws(CNIError) -> Outcome {
    let diagnostics = try plugin.delete(request)
    try refuseOwnNamespace(request.environment)
    return Outcome(diagnostics: diagnostics)
  }

  private func check(_ request: Request) throws(CNIError) -> Outcome {
    let previous = try? request.configuration.previousResult()
    return Outcome(diagnostics: try plugin.check(request, after: previous))
  }

  private func garbageCollect(_ request: Request) throws(CNIError) -> Outcome {
    let valid = try request.configuration.validAttachments()
    return Outcome(diagnostics: try plugin.garbageCollect(request, keeping: valid))
  }

  private func refuseOwnNamespace(_ environment: Environment) throws(CNIError) {
    guard !environment.allowsOwnNamespace, !environment.networkNamespace.isEmpty,
      plugin.isOwnNamespace(environment.networkNamespace)
    else { return }
    throw CNIError(
      code: .invalidNamespace,
      message: "plugin's netns and netns from CNI_NETNS should not be the same")
  }
}
