internal import JSON
internal import Linux

/// The plugin's executable where the runtime looks for it.
struct PluginBinary {
  /// The executable that is to be installed.
  let source: String
  /// The runtime's directory of plugins.
  let directory: String

  /// Where it is installed.
  var path: String {
    "\(directory)/\(Entry.type)"
  }

  /// Whether the very same executable is installed. Throws ``InstallerError`` when the source cannot
  /// be read.
  func isInstalled() throws(InstallerError) -> Bool {
    _ = try openSource()
    guard (try? FileStatus(path: path).mode) == 0o755 else { return false }
    return (try? haveSameContent(source, path)) ?? false
  }

  /// Puts it there, unless it is there; a process that runs the one before goes on with it.
  ///
  /// The copy is made aside, has to answer `VERSION`, and takes its place at once. Returns whether
  /// something was changed. Throws ``InstallerError``.
  func install() throws(InstallerError) -> Bool {
    guard try !isInstalled() else { return false }
    let bytes = try content()
    let advice = "\(path) stays as it was"
    var temporary = try system(advice: advice) { () throws(LinuxError) in
      try TemporaryFile(path: temporaryPath(for: path))
    }
    try system(advice: advice) { () throws(LinuxError) in
      try temporary.write(bytes)
      try temporary.setMode(0o755)
      try temporary.finish()
    }
    _ = try Self.versions(of: temporary.path)
    let written = temporary.path
    try system(advice: advice) { () throws(LinuxError) in
      try renameFile(written, to: path)
      try synchronizeDirectory(directory)
    }
    return true
  }

  /// Removes it; whether it was there. Throws ``InstallerError``.
  func remove() throws(InstallerError) -> Bool {
    guard exists(directory) else { return false }
    return try system { () throws(LinuxError) in
      let wasThere = try removeFile(path)
      try synchronizeDirectory(directory)
      return wasThere
    }
  }

  /// Whether something that works is installed.
  var answers: Bool {
    (try? Self.versions(of: path)) != nil
  }

  /// The protocol versions an executable says it serves. Throws ``InstallerError`` unless it answers
  /// `VERSION` within ten seconds.
  static func versions(of executable: String) throws(InstallerError) -> [String] {
    setEnvironment("CNI_COMMAND", "VERSION")
    let answer = try system { () throws(LinuxError) in
      var process = try ChildProcess([executable])
      guard try process.hasOutput(within: 10_000) else { return "" }
      let output = try process.readOutput()
      return try process.succeeds() ? output : ""
    }
    let document = try? JSONValue(parsing: Array(answer.utf8))
    let versions = document?["supportedVersions"]?.elements?.compactMap(\.stringValue) ?? []
    guard !versions.isEmpty else {
      throw InstallerError(
        "run VERSION of", executable, "it does not answer: not the plugin, or not for this machine")
    }
    return versions
  }

  private func openSource() throws(InstallerError) -> Descriptor {
    try system(advice: "--plugin names the executable to install") { () throws(LinuxError) in
      try openRegularFile(source)
    }
  }

  private func content() throws(InstallerError) -> [UInt8] {
    let file = try openSource()
    return try system { () throws(LinuxError) in
      let content = try readAll(from: file.rawValue, subject: source, limit: 256 << 20)
      guard let content else {
        throw LinuxError(operation: "read", subject: source, code: fileTooBig)
      }
      return content
    }
  }
}
