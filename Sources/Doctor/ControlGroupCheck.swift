import Linux

/// Whether there is a hierarchy to attach to.
struct ControlGroupCheck: Check {
  func findings() -> [Finding] {
    do throws(LinuxError) {
      return [Finding(.ok, "cgroup2", "mounted at \(try ControlGroup.root().path)")]
    } catch {
      return [
        Finding(
          .fail, "cgroup2", error.description,
          "mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified (any directory will do)")
      ]
    }
  }
}
