import Linux

extension PinDirectory {
  /// Waits for the lock under which entries are changed that someone else may change, too.
  func lock() throws(DatapathError) -> Descriptor {
    try Self.lock(path)
  }

  /// Waits for the lock under which pins come and go; the directory itself does, too.
  func lockParent() throws(DatapathError) -> Descriptor {
    try Self.lock(parent)
  }

  private static func lock(_ path: String) throws(DatapathError) -> Descriptor {
    try system { () throws(LinuxError) in
      let directory = try Descriptor.open(path)
      try directory.lock(subject: path)
      return directory
    }
  }
}
