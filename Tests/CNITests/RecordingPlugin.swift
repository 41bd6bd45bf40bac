import CNI

/// Answers as told and keeps what it was asked.
final class RecordingPlugin: ChainedPlugin {
  let about = "CNI plugin probe v1"
  private(set) var calls: [Command] = []
  private(set) var requests: [Request] = []
  private(set) var addresses: [String] = []
  private(set) var valid: ValidAttachments?
  private let failure: CNIError?
  private let ownNamespace: String

  init(failure: CNIError? = nil, ownNamespace: String = "/own") {
    self.failure = failure
    self.ownNamespace = ownNamespace
  }

  func isOwnNamespace(_ path: String) -> Bool {
    path == ownNamespace
  }

  func add(_ request: Request, after previous: PreviousResult) throws(CNIError) -> [String] {
    addresses = previous.addresses
    return try record(.add, request)
  }

  func delete(_ request: Request) throws(CNIError) -> [String] {
    try record(.delete, request)
  }

  func check(
    _ request: Request, after previous: PreviousResult?
  ) throws(CNIError) -> [String] {
    addresses = previous?.addresses ?? []
    return try record(.check, request)
  }

  func garbageCollect(
    _ request: Request, keeping attachments: ValidAttachments
  ) throws(CNIError) -> [String] {
    valid = attachments
    return try record(.garbageCollect, request)
  }

  func status(_ request: Request) throws(CNIError) -> [String] {
    try record(.status, request)
  }

  private func record(_ command: Command, _ request: Request) throws(CNIError) -> [String] {
    calls.append(command)
    requests.append(request)
    if let failure { throw failure }
    return ["\(command.rawValue) done"]
  }
}
