import Datapath
import Linux
import Plugin

/// A machine without a kernel: keeps what was registered, and fails where a test wants it to.
final class FakeNode: Node {
  var registrations: [AttachmentKey: Attachment] = [:]
  var pins: Set<PinDirectory> = []
  var missing: [Address] = []
  var altered: [Address] = []
  var obstacle: String?
  var goneNamespaces: Set<String> = []
  var stubborn: Set<AttachmentKey> = []
  var log: [String: [String]] = [:]
  var cookies: [String: UInt64] = ["/run/netns/pod": 4711]
  var controlGroups: [String: UInt64] = ["/kubepods/pod1": 99]
  var datapathFailure: DatapathError?

  func isOwnNamespace(_ path: String) -> Bool {
    path == "/own"
  }

  func namespaceCookie(of path: String) throws(LinuxError) -> UInt64 {
    guard let cookie = cookies[path] else {
      throw LinuxError(operation: "open network namespace", subject: path, code: 2)
    }
    return cookie
  }

  func controlGroupID(of path: String) -> UInt64? {
    controlGroups[path]
  }

  func register(
    _ attachment: Attachment, for key: AttachmentKey, in pins: PinDirectory
  ) throws(DatapathError) {
    try touch(pins)
    registrations[key] = attachment
  }

  func unregister(_ key: AttachmentKey, in pins: PinDirectory) throws(DatapathError) {
    try touch(pins)
    guard !stubborn.contains(key) else {
      throw DatapathError(operation: "bpf_map_delete_elem", subject: key.containerID, code: 5)
    }
    registrations[key] = nil
  }

  func registration(
    of key: AttachmentKey, in pins: PinDirectory
  ) throws(DatapathError) -> Registration? {
    try touch(pins)
    return registrations[key].map {
      Registration(attachment: $0, missing: missing, altered: altered)
    }
  }

  func registrations(
    in pins: PinDirectory
  ) throws(DatapathError) -> [(key: AttachmentKey, attachment: Attachment)] {
    try touch(pins)
    return registrations.map { (key: $0.key, attachment: $0.value) }
  }

  func obstacle(to attachment: Attachment, in pins: PinDirectory) -> String? {
    obstacle
  }

  func isNamespaceGone(of attachment: Attachment) -> Bool {
    goneNamespaces.contains(attachment.netnsPath)
  }

  func log(_ line: String, to path: String) {
    log[path, default: []].append(line)
  }

  private func touch(_ pins: PinDirectory) throws(DatapathError) {
    self.pins.insert(pins)
    if let datapathFailure { throw datapathFailure }
  }
}
