internal import Linux

private let suffix = ".shortcut-tmp"

/// Where a file is written that shall take the place of another: in the same directory, under a name
/// that no runtime reads.
func temporaryPath(for target: String) -> String {
  "\(parentDirectory(of: target))/.\(baseName(of: target)).\(processIdentifier())\(suffix)"
}

/// Removes what installers that were killed have left; only one may be at work in the directory.
func removeTemporaries(in directory: String) throws(InstallerError) {
  try system { () throws(LinuxError) in
    for name in try names(in: directory) where name.hasPrefix(".") && name.hasSuffix(suffix) {
      try removeFile("\(directory)/\(name)")
    }
  }
}
