import Linux

/// Whether this process may look at all.
struct PrivilegeCheck: Check {
  func findings() -> [Finding] {
    guard isSuperuser() else {
      return [
        Finding(.fail, "privileges", "not root", "run it as root: most of what follows needs it")
      ]
    }
    return [Finding(.ok, "privileges", "root")]
  }
}
