internal import CNI

/// Which pod a call is for, by what Kubernetes runtimes put into `CNI_ARGS`.
///
/// podman puts the name of a container there alone.
struct Pod: CustomStringConvertible {
  let namespace: String
  let name: String
  let identifier: String

  /// Nil for a container that is no pod.
  init?(_ arguments: Arguments) {
    guard let name = arguments["K8S_POD_NAME"] else { return nil }
    self.name = name
    namespace = arguments["K8S_POD_NAMESPACE"] ?? ""
    identifier = arguments["K8S_POD_UID"] ?? ""
  }

  var description: String {
    namespace.isEmpty ? name : "\(namespace)/\(name)"
  }
}
