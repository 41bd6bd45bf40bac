internal import Linux

extension Installer {
  /// What ``install(waiting:)`` would change now, as a unified diff and a line for the executable;
  /// empty when it would change nothing. Throws ``InstallerError`` as that would.
  public func installationPreview() throws(InstallerError) -> String {
    _ = try open(directories.plugins, "--bin-dir")
    let (file, list, warnings) = try choose()
    try PluginBinary.check(plugin, serves: list, of: file.path)
    let notes = try binary.isInstalled() ? [] : ["would install \(binary.path)"]
    return (warnings + notes).map { "\($0)\n" }.joined()
      + unifiedDifference(list.text, list.adding(entry), path: file.path)
  }

  /// What ``uninstall(leaving:waiting:)`` would change now.
  public func removalPreview(leaving remainder: Remainder) throws(InstallerError) -> String {
    let paths = try system { () throws(LinuxError) in
      try Selection.paths(in: directories.configurations)
    }
    var text = ""
    for path in paths {
      guard let file = try? ConfigurationFile(path: path),
        case .list(let list) = NetworkList.read(file.text, name: path)
      else { continue }
      text += unifiedDifference(list.text, list.removingEntries(), path: path)
    }
    if case .nothing = remainder, exists(binary.path) { text += "would remove \(binary.path)\n" }
    return text
  }

  /// What keeps the pods from being registered by the plugin; empty when nothing does.
  ///
  /// Reads alone, and is meant for a readiness probe. Throws ``InstallerError``.
  public func problems() throws(InstallerError) -> [String] {
    var problems: [String] = []
    if try !binary.isInstalled() { problems.append("\(binary.path): not this release's plugin") }
    switch try select().choice {
    case .list(let file, let list):
      if list.adding(entry) != list.text { problems.append("\(file.path): has no entry of ours") }
    case .single(let path): problems.append("\(path): configures a single plugin")
    case .none: problems.append("\(directories.configurations): there is no network list")
    }
    return problems
  }
}

extension Installer {
  /// Where the runtime finds the plugin's executable.
  public var installedPath: String { binary.path }

  /// The SHA-256 digest of the executable that is installed; nil when there is none.
  public var installedDigest: String? {
    guard let file = try? openRegularFile(binary.path),
      let content = try? readAll(from: file.rawValue, subject: binary.path, limit: 256 << 20)
    else { return nil }
    return sha256(content)
  }

  /// The path of the network list that the runtime takes, or nil. Throws ``InstallerError``.
  public func chosenList() throws(InstallerError) -> String? {
    guard case .list(let file, _) = try select().choice else { return nil }
    return file.path
  }
}
