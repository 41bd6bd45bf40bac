import Datapath
import Linux

extension Attachment {
  /// Whether a name means this pod: `NAMESPACE/POD`, a network namespace's path, or its name in
  /// `/run/netns`.
  func isCalled(_ name: String) -> Bool {
    if title == name || netnsPath == name { return true }
    guard name.hasPrefix("/") || !name.contains("/") else { return false }
    let path = name.hasPrefix("/") ? name : "/run/netns/\(name)"
    do throws(LinuxError) {
      return try NetworkNamespace(path: path).cookie() == netnsCookie
    } catch {
      return false
    }
  }
}
