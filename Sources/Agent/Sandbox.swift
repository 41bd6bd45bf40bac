/// A pod as the container runtime knows it.
struct Sandbox: Sendable, Hashable {
  var namespace = ""
  var name = ""
  var identifier = ""
  var isReady = true
  var annotations: [String: String] = [:]

  /// Reads `ListPodSandboxResponse` of the Container Runtime Interface (`runtime.v1`): items 1,
  /// each with metadata 2 (name 1, uid 2, namespace 3), state 3 (0: ready) and annotations 6.
  ///
  /// Nil when the bytes are no such message.
  static func list(_ message: [UInt8]) -> [Sandbox]? {
    var sandboxes: [Sandbox] = []
    let isWhole = ProtocolBuffer.read(message[...]) { field in
      guard field.number == 1, let item = field.bytes else { return true }
      guard let sandbox = Sandbox(item) else { return false }
      sandboxes.append(sandbox)
      return true
    }
    return isWhole ? sandboxes : nil
  }
}

extension Sandbox {
  private init?(_ message: ArraySlice<UInt8>) {
    self.init()
    let isWhole = ProtocolBuffer.read(message) { field in
      switch field.number {
      case 2: return read(metadata: field.bytes ?? [])
      case 3: isReady = field.integer == 0
      case 6: return read(annotation: field.bytes ?? [])
      default: break
      }
      return true
    }
    guard isWhole else { return nil }
  }

  private mutating func read(metadata: ArraySlice<UInt8>) -> Bool {
    ProtocolBuffer.read(metadata) { field in
      switch field.number {
      case 1: name = field.text
      case 2: identifier = field.text
      case 3: namespace = field.text
      default: break
      }
      return true
    }
  }

  /// A map's entry is a message of a key 1 and a value 2.
  private mutating func read(annotation: ArraySlice<UInt8>) -> Bool {
    var (key, value) = ("", "")
    let isWhole = ProtocolBuffer.read(annotation) { field in
      if field.number == 1 { key = field.text }
      if field.number == 2 { value = field.text }
      return true
    }
    annotations[key] = value
    return isWhole
  }
}
