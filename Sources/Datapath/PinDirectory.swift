/// The directory below a BPF file system that keeps the datapath's maps and its link.
public struct PinDirectory: Sendable, Hashable {
  /// Absolute path.
  public let path: String

  /// `/sys/fs/bpf/shortcut`
  public static let standard = PinDirectory(path: "/sys/fs/bpf/shortcut")

  /// Names a directory.
  public init(path: String) {
    self.path = path
  }

  /// Where a map is pinned.
  public func path(of map: MapName) -> String {
    "\(path)/\(map.rawValue)"
  }

  /// Where the attachment to the cgroup is pinned.
  public var link: String {
    "\(path)/link"
  }

  /// The directory that holds this one.
  public var parent: String {
    let parent = path.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(parent)"
  }
}
