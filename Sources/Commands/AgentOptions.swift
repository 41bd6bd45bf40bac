public import Agent
public import ArgumentParser
public import Datapath
import Linux

/// What the agent follows, and how.
struct AgentOptions: ParsableArguments {
  static let standard = Settings()

  @Option(
    help: ArgumentHelp(
      "Socket of the node's ovsdb-server, or 'none': limits and mirrors of pods are not followed.",
      valueName: "path"))
  var ovsdb = standard.database ?? none

  @Option(
    help: ArgumentHelp(
      "Management socket of the bridge whose flows carry the pods, or 'none': policy that changes "
        + "after the handshake is not followed.", valueName: "path"))
  var bridge = standard.bridge ?? none

  @Option(
    help: ArgumentHelp(
      "The least time between two revalidations of live connections.", valueName: "milliseconds"))
  var revalidationInterval = standard.revalidationMilliseconds

  @Option(
    help: ArgumentHelp(
      "Which sockets of pods that are older than the plugin take part: off, nonblocking or all.",
      valueName: "sockets"))
  var adopt = standard.adoption

  @Option(
    help: ArgumentHelp(
      "CRI socket of the container runtime, which knows what such pods are annotated with; 'none', "
        + "or 'auto': the first of the usual ones.", valueName: "path"))
  var runtime = "auto"

  @Option(help: ArgumentHelp("What comes before '/tcp_shortcut' in the pod annotation's name."))
  var annotationPrefix = standard.annotationPrefix

  @Option(
    help: ArgumentHelp(
      "Whether adopted pods of two VPCs are paired: same (never) or allow.", valueName: "which"))
  var crossVpc = standard.crossing

  @Option(
    help: ArgumentHelp(
      "Where metrics are served for Prometheus, or 'none'.", valueName: "address:port"))
  var metrics = standard.metrics?.description ?? none

  @Option(help: ArgumentHelp("The least that is logged: info, warn or error.", valueName: "level"))
  var logLevel = standard.logLevel

  @Option(
    help: ArgumentHelp("How events are logged: text (key=value) or json.", valueName: "format"))
  var logFormat = standard.logFormat

  private static let none = "none"

  func validate() throws {
    for (flag, path) in [("--ovsdb", ovsdb), ("--bridge", bridge)] where path != Self.none {
      guard path.hasPrefix("/") else {
        throw ValidationError("\(flag) \(path): give an absolute path or 'none'")
      }
    }
    guard runtime.hasPrefix("/") || ["auto", Self.none].contains(runtime) else {
      throw ValidationError("--runtime \(runtime): give an absolute path, 'auto' or 'none'")
    }
    guard metrics == Self.none || Endpoint(metrics) != nil else {
      throw ValidationError("--metrics \(metrics): give ADDRESS:PORT, [ADDRESS]:PORT or 'none'")
    }
    guard (100...60_000).contains(revalidationInterval) else {
      throw ValidationError("--revalidation-interval \(revalidationInterval): give 100 to 60000")
    }
  }

  /// Adds these choices to settings.
  func apply(to settings: inout Settings) {
    settings.database = ovsdb == Self.none ? nil : ovsdb
    settings.bridge = bridge == Self.none ? nil : bridge
    settings.revalidationMilliseconds = revalidationInterval
    settings.adoption = adopt
    settings.annotationPrefix = annotationPrefix
    settings.crossing = crossVpc
    settings.metrics = Endpoint(metrics)
    (settings.logLevel, settings.logFormat) = (logLevel, logFormat)
    switch runtime {
    case "auto": settings.runtime = .usual
    case Self.none: settings.runtime = .none
    default: settings.runtime = .at(runtime)
    }
  }
}

extension Settings.Adoption: ExpressibleByArgument {}
extension Settings.LogFormat: ExpressibleByArgument {}
extension Event.Level: ExpressibleByArgument {}
extension Domain.Crossing: ExpressibleByArgument {}
