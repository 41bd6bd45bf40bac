internal import CNI
internal import Linux

/// Tells of the failures of a pod, or of a network in GC: a line for standard error and the log, or the runtime's error.
struct Report {
  /// `container ID interface IFNAME`, and before it `pod NAMESPACE/NAME` if there is one;
  /// `network NAME` where no container is meant.
  private let subject: String
  private let isCleaning: Bool
  private let settings: Settings
  private let node: any Node

  init(_ request: Request, _ settings: Settings, _ node: any Node) {
    subject = Self.subject(of: request)
    isCleaning = request.environment.command == .garbageCollect
    self.settings = settings
    self.node = node
  }

  private var consequence: String {
    isCleaning ? "not cleaned up" : "not accelerated"
  }

  private static func subject(of request: Request) -> String {
    let environment = request.environment
    guard environment.command != .garbageCollect else {
      return "network \(request.configuration.name)"
    }
    let container = "container \(environment.containerID) interface \(environment.interfaceName)"
    return Pod(environment.arguments).map { "pod \($0) \(container)" } ?? container
  }

  /// Notes something about the pod; returns the line for standard error.
  func note(_ text: String) -> [String] {
    let line = singleLine("shortcut-cni: \(subject): \(text)")
    if let path = settings.logFile {
      node.log("\(timestamp(nanoseconds: realtimeNanoseconds())) \(line)", to: path)
    }
    return [line]
  }

  /// Runs a step; what it throws is noted, and under ``FailurePolicy/closed`` the runtime's error.
  func failures(of step: () throws(Failure) -> Void) throws(CNIError) -> [String] {
    do throws(Failure) {
      try step()
      return []
    } catch {
      guard settings.policy == .open else { throw self.error(error) }
      return note("\(consequence): \(error.explanation)")
    }
  }

  /// Notes a failure and makes it the runtime's error.
  func error(_ failure: Failure) -> CNIError {
    _ = note("refused: \(failure.explanation)")
    return CNIError(
      code: failure.code, message: singleLine("\(subject): \(consequence)"),
      details: singleLine(failure.explanation))
  }

  /// Annotations and arguments are the pod's own words, and may hold line breaks and what else a
  /// terminal obeys.
  private func singleLine(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { isControl($0.value) ? " " : $0 }
    return String(String.UnicodeScalarView(scalars))
  }

  private func isControl(_ scalar: UInt32) -> Bool {
    scalar < 0x20 || (0x7f...0x9f).contains(scalar) || (0x2028...0x2029).contains(scalar)
  }
}
