internal import Linux

/// Sees whether somebody reads network lists that were changed.
///
/// containerd, CRI-O and podman read a list as soon as it changes, or when they next use it; none of
/// them can be asked without its own protocol.
struct ReloadObserver: ~Copyable {
  private let watch: DirectoryWatch?

  /// To be made before the change. Without inotify nothing is ever seen.
  init(directory: String) {
    watch = try? DirectoryWatch([directory], reads: true)
  }

  /// What was read until now was the text before the change.
  func forget() {
    _ = try? watch?.events()
  }

  /// Waits until each was read, or for so long; tells what was seen.
  func wait(for paths: [String], seconds: Int) -> String {
    let deadline = Deadline(seconds: seconds)
    var missing = Set(paths.map { baseName(of: $0) })
    while !missing.isEmpty, !deadline.isOver {
      for event in (try? watch?.events()) ?? [] where event.isRead { missing.remove(event.name) }
      sleepMilliseconds(20)
    }
    return missing.isEmpty
      ? "somebody has read the change since"
      : "nobody has read the change within \(seconds) s: no runtime is running, or it will later"
  }
}
