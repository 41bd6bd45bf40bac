private import BPF
import CShortcut
private import Glibc

/// One interface of one container: what CNI calls an attachment.
public struct AttachmentKey: Sendable, Hashable {
  /// CNI_CONTAINERID
  public let containerID: String
  /// CNI_IFNAME
  public let interfaceName: String

  /// Throws ``DatapathError`` with `ENAMETOOLONG` for a container ID beyond 127 bytes or an
  /// interface name beyond 15.
  public init(containerID: String, interfaceName: String) throws(DatapathError) {
    guard containerID.utf8.count < SHORTCUT_CONTAINER_ID_SIZE else {
      throw DatapathError(
        operation: "attachment key", subject: "container \(containerID)", code: ENAMETOOLONG)
    }
    guard interfaceName.utf8.count < SHORTCUT_INTERFACE_SIZE else {
      throw DatapathError(
        operation: "attachment key", subject: "interface \(interfaceName)", code: ENAMETOOLONG)
    }
    self.containerID = containerID
    self.interfaceName = interfaceName
  }

  init(_ layout: shortcut_attachment_key) {
    containerID = text(of: layout.container_id)
    interfaceName = text(of: layout.interface)
  }

  var layout: shortcut_attachment_key {
    var layout = shortcut_attachment_key()
    _ = fill(&layout.container_id, with: Array(containerID.utf8))
    _ = fill(&layout.interface, with: Array(interfaceName.utf8))
    return layout
  }

  /// Marks allowlist entries as this attachment's: FNV-1a, 64 bits, of the key's bytes.
  var owner: UInt64 {
    bytes(of: layout).reduce(0xcbf2_9ce4_8422_2325) { hash, byte in
      (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
  }
}
