internal import CNI
internal import Datapath
private import Glibc
internal import Linux

/// Why a pod is not accelerated, and what to do about it.
struct Failure: Error, Hashable {
  /// What a runtime gets under ``FailurePolicy/closed``.
  let code: CNIError.Code
  /// What went wrong, on which object.
  let reason: String
  /// What helps; empty when nothing does.
  let advice: String

  init(code: CNIError.Code, reason: String, advice: String) {
    self.code = code
    self.reason = reason
    self.advice = advice
  }

  /// The datapath refused.
  init(_ error: DatapathError, pins: PinDirectory) {
    reason = error.description
    switch error.code {
    case ENOENT, ENOTDIR:
      (code, advice) = (.notLoaded, "run \"shortcutctl load\(Self.option(for: pins))\"")
    case EPROTO:
      (code, advice) = (.notLoaded, "unload the other release and load this one")
    case E2BIG, ENOMEM, ENOSPC:
      (code, advice) = (.full, "load the datapath with a larger --max-pods")
    case ECANCELED:
      (code, advice) = (.refused, "")
    case EPERM, EACCES:
      (code, advice) = (.refused, "run the plugin as root with CAP_BPF")
    default:
      (code, advice) = (.refused, "see \"shortcutctl status\"")
    }
  }

  /// The pod's network namespace is of no use.
  init(namespace error: LinuxError) {
    code = .namespaceUnusable
    reason = error.description
    advice = "CNI_NETNS must name a network namespace the plugin may enter"
  }

  /// A setting or annotation has a value without meaning.
  init(invalid fault: String) {
    code = .invalidConfiguration
    reason = fault
    advice = "correct the value"
  }

  /// What was registered is not as it was written.
  init(damaged damage: String) {
    code = .registrationLost
    reason = damage
    advice = "recreate the pod"
  }

  /// Nothing is registered for the pod, and this is why.
  init(unregistered obstacle: String) {
    code = .registrationLost
    reason = "nothing is registered: \(obstacle)"
    advice = "recreate the pod"
  }

  /// Runs calls of the Datapath module and takes over their errors.
  static func datapath<Result>(
    _ pins: PinDirectory, _ body: () throws(DatapathError) -> Result
  ) throws(Failure) -> Result {
    do throws(DatapathError) {
      return try body()
    } catch {
      throw Failure(error, pins: pins)
    }
  }

  /// The reason, and what to do.
  var explanation: String {
    advice.isEmpty ? reason : "\(reason); \(advice)"
  }

  private static func option(for pins: PinDirectory) -> String {
    pins == .standard ? "" : " --bpffs-root \(pins.path)"
  }
}

extension DatapathError {
  /// There is nothing where the pins should be.
  var meansNotLoaded: Bool {
    code == ENOENT || code == ENOTDIR
  }
}

extension CNIError.Code {
  /// 100: no datapath of this release is loaded.
  static let notLoaded = CNIError.Code(rawValue: 100)
  /// 101: the kernel refused.
  static let refused = CNIError.Code(rawValue: 101)
  /// 102: a map is full.
  static let full = CNIError.Code(rawValue: 102)
  /// 103: the pod's network namespace cannot be used.
  static let namespaceUnusable = CNIError.Code(rawValue: 103)
  /// 104: what was registered for the pod is not there any more.
  static let registrationLost = CNIError.Code(rawValue: 104)
}
