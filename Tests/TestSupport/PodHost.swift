/// What has pods, in which programs of the tests run.
public protocol PodHost: Sendable {
  /// A command that runs inside a pod.
  func inside(_ pod: String, _ program: String, _ arguments: [String]) -> Command
}
