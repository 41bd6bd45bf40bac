import JSON

/// What the agent holds and why, by its own report.
struct Holds {
  /// By the names of pods.
  let ofPods: [String: String]
  /// Nil: the node is not held, or no agent runs.
  let ofNode: String?

  init(_ report: JSONValue?) {
    ofNode = report?["node_held"]?.stringValue
    let pods = (report?["held"]?.elements ?? []).compactMap { held -> (String, String)? in
      guard let pod = held["pod"]?.stringValue, let reason = held["reason"]?.stringValue else {
        return nil
      }
      return (pod, reason)
    }
    ofPods = Dictionary(pods, uniquingKeysWith: { $1 })
  }
}
