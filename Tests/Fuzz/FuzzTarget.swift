import CNI
import JSON

/// What libFuzzer calls: one text as a configuration and as a previous result.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  checkParsing(of: text)
  for command in Command.allCases { checkCall(command, text) }
  for version in ProtocolVersion.allCases { checkResult(text, version) }
  return 0
}

/// Every part of an accepted text is what the parser makes of it, and printing loses nothing.
private func checkParsing(of text: [UInt8]) {
  guard let value = try? JSONValue(parsing: text) else { return }
  let printed = Array(value.encoded(indented: text.count % 2 == 0).utf8)
  guard let again = try? JSONValue(parsing: printed) else { fatalError("printed no JSON") }
  precondition(isSame(value, again), "printing changed the value")
  check(JSONText(accepted: text), against: value)
}

private func check(_ text: JSONText, against value: JSONValue) {
  guard let decoded = text.value, isSame(decoded, value) else { fatalError("text is no value") }
  if let members = value.members {
    let found = Dictionary(text.members ?? []) { _, last in last }
    precondition(found.count == members.count, "members are missing")
    for (key, value) in members {
      guard let text = found[key] else { fatalError("member is missing") }
      check(text, against: value)
    }
  }
  if let elements = value.elements {
    guard let texts = text.elements, texts.count == elements.count else {
      fatalError("elements are missing")
    }
    for (text, value) in zip(texts, elements) { check(text, against: value) }
  }
}

/// One that is beyond 64 bits makes all numbers of its document binary64.
private func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
  if let left = left.members, let right = right.members {
    return left.count == right.count
      && zip(left, right).allSatisfy { $0.0 == $1.0 && isSame($0.1, $1.1) }
  }
  if let left = left.elements, let right = right.elements {
    return left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
  }
  return left.realValue == nil ? left == right : left.realValue == right.realValue
}

private func checkCall(_ command: Command, _ text: [UInt8]) {
  let outcome = call(command, text)
  guard outcome.status != 0 || command == .add || command == .version else {
    return precondition(outcome.output.isEmpty, "output of \(command)")
  }
  guard let document = try? JSONValue(parsing: outcome.output) else {
    fatalError("not one document")
  }
  guard outcome.status != 0 else { return }
  precondition(document["code"]?.integerValue != nil && document["msg"]?.stringValue != nil)
  precondition(document["cniVersion"]?.stringValue != nil)
}

/// Any object passes, and keeps or gets the version.
private func checkResult(_ text: [UInt8], _ version: ProtocolVersion) {
  guard let value = try? JSONValue(parsing: text), value.members != nil else { return }
  let head = #"{"cniVersion":"\#(version.rawValue)","name":"net","prevResult":"#
  let outcome = call(.add, Array(head.utf8) + text + Array("}".utf8))
  // Nested one level deeper, it may be too deep for the parser.
  guard outcome.status == 0 else {
    return precondition(text.count > 2048, "result was refused")
  }
  guard let document = try? JSONValue(parsing: outcome.output) else {
    fatalError("not one document")
  }
  let declared = document.member("cniVersion")?.stringValue
  precondition([version.rawValue, "0.1.0", "0.2.0"].contains(declared), "version of the result")
}

private func call(_ command: Command, _ text: [UInt8]) -> Outcome {
  let variables = [
    "CNI_COMMAND": command.rawValue, "CNI_CONTAINERID": "c0ffee", "CNI_NETNS": "/run/netns/pod",
    "CNI_IFNAME": "eth0", "CNI_PATH": "/opt/cni/bin",
    "CNI_ARGS": String(decoding: text.prefix(100), as: UTF8.self),
  ]
  return CNI.run(environment: { variables[$0] }, input: { text }, plugin: Reader())
}

/// Reads everything a plugin may read.
private struct Reader: ChainedPlugin {
  let about = "fuzz"

  func isOwnNamespace(_ path: String) -> Bool { false }

  func add(_ request: Request, after previous: PreviousResult) -> [String] {
    previous.addresses + read(request)
  }

  func delete(_ request: Request) -> [String] { read(request) }

  func check(_ request: Request, after previous: PreviousResult?) -> [String] {
    (previous?.addresses ?? []) + read(request)
  }

  func garbageCollect(_ request: Request, keeping attachments: ValidAttachments) -> [String] {
    read(request)
  }

  func status(_ request: Request) -> [String] { read(request) }

  private func read(_ request: Request) -> [String] {
    let runtime = request.configuration.runtime
    let annotations = runtime.annotations.map { "\($0.0)=\($0.1.encoded(indented: false))" }
    return annotations + [
      runtime.controlGroupPath ?? "", runtime.bandwidth?.encoded(indented: false) ?? "",
      request.environment.arguments["K8S_POD_NAME"] ?? "",
    ]
  }
}
