internal import CNI
internal import Datapath
internal import JSON

/// What a failure of ours means for the pod.
enum FailurePolicy: String {
  /// The pod starts; its traffic stays on the stack.
  case open
  /// The pod does not start.
  case closed
}

/// This plugin's own keys of the network configuration.
struct Settings {
  /// `bpffsRoot`: where the datapath is pinned.
  private(set) var pins = PinDirectory.standard
  /// `enabled`: whether pods without an annotation take part.
  private(set) var isEnabled = true
  /// `sockets`: which sockets take part unless an annotation says otherwise.
  private(set) var sockets = Attachment.Sockets.nonblocking
  /// `failurePolicy`.
  private(set) var policy = FailurePolicy.open
  /// `logFile`: where failures are noted besides standard error.
  private(set) var logFile: String?
  /// `annotationPrefix`: what comes before the slash in the name of the pod annotation.
  private(set) var annotationPrefix = "ovn.kubernetes.io"
  /// `crossVpc`: whether pods of two VPCs are paired.
  private(set) var crossing = Domain.Crossing.same
  /// What is wrong with the above; the first fault counts, the key keeps its default.
  private(set) var fault: String?

  /// Decodes the keys; an absent one has its default.
  init(_ configuration: NetworkConfiguration) {
    let document = configuration.document
    let path = take("bpffsRoot", of: document, expecting: "an absolute path", absolutePath)
    pins = path.map { PinDirectory(path: $0) } ?? pins
    isEnabled = take("enabled", of: document, expecting: "true or false", \.boolValue) ?? isEnabled
    sockets =
      take("sockets", of: document, expecting: #""nonblocking" or "all""#) {
        $0.stringValue.flatMap(Attachment.Sockets.init(name:))
      } ?? sockets
    policy =
      take("failurePolicy", of: document, expecting: #""open" or "closed""#) {
        $0.stringValue.flatMap(FailurePolicy.init)
      } ?? policy
    logFile = take("logFile", of: document, expecting: "an absolute path", absolutePath)
    annotationPrefix =
      take("annotationPrefix", of: document, expecting: "a string", \.stringValue)
      ?? annotationPrefix
    crossing =
      take("crossVpc", of: document, expecting: #""same" or "allow""#) {
        $0.stringValue.flatMap(Domain.Crossing.init)
      } ?? crossing
  }

  /// The domain that a pod is registered with.
  func domain(of runtime: RuntimeConfiguration) -> UInt32 {
    guard crossing == .same else { return Domain.unknown }
    let texts = runtime.annotations.compactMap { name, value in
      value.stringValue.map { (name, $0) }
    }
    return Domain.number(ofPodAnnotatedWith: Dictionary(texts, uniquingKeysWith: { $1 }))
  }

  private mutating func take<Value>(
    _ key: String, of document: JSONValue, expecting expected: String,
    _ decode: (JSONValue) -> Value?
  ) -> Value? {
    guard let value = document.member(key) else { return nil }
    if let decoded = decode(value) { return decoded }
    fault = fault ?? "\(key): expected \(expected), found \(value.encoded(indented: false))"
    return nil
  }
}

private func absolutePath(_ value: JSONValue) -> String? {
  value.stringValue.flatMap { $0.hasPrefix("/") ? $0 : nil }
}

extension Attachment.Sockets {
  fileprivate init?(name: String) {
    switch name {
    case "nonblocking": self = .nonblocking
    case "all": self = .all
    default: return nil
    }
  }
}
