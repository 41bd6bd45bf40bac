private import BPF
import CShortcut
private import Glibc

extension Attachment {
  init(_ layout: shortcut_attachment) {
    self.init(
      netnsCookie: layout.netns_cookie, netnsPath: text(of: layout.netns_path),
      addresses: Self.addresses(of: layout))
    sockets =
      layout.flags & UInt32(SHORTCUT_ATTACHMENT_BLOCKING.rawValue) != 0 ? .all : .nonblocking
    isDisabled = layout.flags & UInt32(SHORTCUT_ATTACHMENT_DISABLED.rawValue) != 0
    isBarred = layout.flags & UInt32(SHORTCUT_ATTACHMENT_BARRED.rawValue) != 0
    cgroupID = layout.cgroup_id == 0 ? nil : layout.cgroup_id
    cgroupPath = text(of: layout.cgroup_path)
    podNamespace = text(of: layout.pod_namespace)
    podName = text(of: layout.pod_name)
    podUID = text(of: layout.pod_uid)
    network = text(of: layout.network)
    domain = layout.domain
    created = layout.created
  }

  private static func addresses(of layout: shortcut_attachment) -> [Address] {
    let all = BPF.bytes(of: layout.addresses)
    let size = MemoryLayout<shortcut_address>.size
    return (0..<min(Int(layout.address_count), maximumAddresses)).map { index in
      Address(bytes: Array(all[size * index..<size * (index + 1)]))
    }
  }

  /// Throws ``DatapathError`` with `E2BIG` for too many addresses, `ENAMETOOLONG` for a long text.
  func layout() throws(DatapathError) -> shortcut_attachment {
    guard addresses.count <= Self.maximumAddresses else {
      throw DatapathError(
        operation: "register", subject: "\(addresses.count) addresses", code: E2BIG)
    }
    var layout = shortcut_attachment()
    layout.netns_cookie = netnsCookie
    layout.cgroup_id = cgroupID ?? 0
    layout.created = created
    layout.flags = flags
    layout.domain = domain
    layout.address_count = UInt32(addresses.count)
    _ = fill(&layout.addresses, with: addresses.flatMap(\.bytes))
    try Self.set(&layout.netns_path, to: netnsPath)
    try Self.set(&layout.cgroup_path, to: cgroupPath)
    try Self.set(&layout.pod_namespace, to: podNamespace)
    try Self.set(&layout.pod_name, to: podName)
    try Self.set(&layout.pod_uid, to: podUID)
    try Self.set(&layout.network, to: network)
    return layout
  }

  private var flags: UInt32 {
    (sockets == .all ? UInt32(SHORTCUT_ATTACHMENT_BLOCKING.rawValue) : 0)
      | (isDisabled ? UInt32(SHORTCUT_ATTACHMENT_DISABLED.rawValue) : 0)
      | (isBarred ? UInt32(SHORTCUT_ATTACHMENT_BARRED.rawValue) : 0)
  }

  private static func set<Field: BitwiseCopyable>(
    _ field: inout Field, to text: String
  ) throws(DatapathError) {
    // One byte less than the field: readers in C expect a NUL.
    guard text.utf8.count < MemoryLayout<Field>.size,
      fill(&field, with: Array(text.utf8))
    else { throw DatapathError(operation: "register", subject: text, code: ENAMETOOLONG) }
  }
}
