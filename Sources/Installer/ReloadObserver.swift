internal import Linux

/// Sees whether somebody reads a network list that was changed.
///
/// containerd, CRI-O and podman read a list as soon as it changes, or when they next use it; none of
/// them can be asked without its own protocol.
struct ReloadObserver: ~Copyable {
  private let watch: DirectoryWatch?
  private let name: String

  /// To be made right before the change. Without inotify nothing is ever seen.
  init(of file: ConfigurationFile) {
    // Reading by a symbolic link is seen where that leads to.
    watch = try? DirectoryWatch([file.directory], reads: true)
    name = baseName(of: file.target)
  }

  /// Waits until it was read, or for so long; tells what was seen.
  func wait(seconds: Int) -> String {
    let deadline = Deadline(seconds: seconds)
    while !deadline.isOver {
      if hasBeenRead() { return "somebody has read the change since" }
      sleepMilliseconds(20)
    }
    return "nobody has read the change within \(seconds) s: no runtime is running, or it will later"
  }

  /// Since the last call.
  private func hasBeenRead() -> Bool {
    let events = (try? watch?.events()) ?? []
    return events.contains { $0.isRead && $0.name == name }
  }
}
