internal import JSON
internal import Linux

/// Puts the plugin onto a node and takes it off again, while pods come and go.
///
/// Each step leaves a node whose pods start and stop: the executable is there before a network list
/// names it, and stays when none does any more.
public struct Installer: Sendable {
  /// The runtime's directories.
  public var directories: Directories
  /// The executable to install.
  public var plugin: String
  /// What the network list shall say.
  public var entry: Entry
  /// The network list to change, a file's name in the directory or a path; that which the runtime
  /// takes if nil.
  public var list: String?
  /// How long a file may be half written before it is passed over; milliseconds.
  var patience = 2000

  /// Nothing is done yet.
  public init(directories: Directories, plugin: String, entry: Entry = Entry(), list: String? = nil)
  {
    self.directories = directories
    self.plugin = plugin
    self.entry = entry
    self.list = list
  }

  var binary: PluginBinary {
    PluginBinary(source: plugin, directory: directories.plugins)
  }

  /// What was done, a line each, and what is to be known besides.
  public struct Report: Sendable, Hashable {
    /// For standard output.
    public internal(set) var changes: [String] = []
    /// For standard error.
    public internal(set) var warnings: [String] = []
  }

  /// Installs the executable, then the entry.
  ///
  /// Throws ``InstallerError``: the directories are absent or cannot be written, there is no
  /// network list within `seconds`, or it is one that the plugin cannot serve.
  public func install(waiting seconds: Int = 0) throws(InstallerError) -> Report {
    var report = Report()
    let deadline = Deadline(seconds: seconds)
    while true {
      do throws(InstallerError) {
        try installOnce(&report)
        return report
      } catch {
        guard isExpectedToPass(error), !deadline.isOver else { throw error }
        sleepMilliseconds(100)
      }
    }
  }

  /// A network, or its directory, may still be on its way.
  private func isExpectedToPass(_ error: InstallerError) -> Bool {
    error.isMissingList
      || error.code == notFound
        && [directories.configurations, directories.plugins].contains(error.subject)
  }

  private func installOnce(_ report: inout Report) throws(InstallerError) {
    _ = try open(directories.plugins, "--bin-dir")
    let lock = try lockDirectories()
    defer { withExtendedLifetime(lock.rawValue) {} }
    try addExecutable(&report)
    try addEntry(&report)
  }

  /// One attempt at a time: other installers wait. Leftovers of those that were killed go.
  func lockDirectories() throws(InstallerError) -> Descriptor {
    let lock = try open(directories.configurations, "--conf-dir")
    try system { () throws(LinuxError) in
      try lock.lock(subject: directories.configurations)
    }
    try removeTemporaries(in: directories.configurations)
    guard exists(directories.plugins) else { return lock }
    try refuseOneDirectoryForBoth()
    try removeTemporaries(in: directories.plugins)
    return lock
  }

  private func refuseOneDirectoryForBoth() throws(InstallerError) {
    let (one, other) = try system { () throws(LinuxError) in
      try (FileStatus(path: directories.configurations), FileStatus(path: directories.plugins))
    }
    guard one.inode == other.inode, one.device == other.device else { return }
    throw InstallerError(
      "use", directories.plugins, "it is the directory of the network configurations, too")
  }

  func open(_ directory: String, _ option: String) throws(InstallerError) -> Descriptor {
    try system(advice: "\(option) names the directory your runtime uses") {
      () throws(LinuxError) in try Descriptor.open(directory, flags: openDirectory)
    }
  }

  func addExecutable(_ report: inout Report) throws(InstallerError) {
    if try binary.install() { report.changes.append("installed \(binary.path)") }
  }

  /// A network list that has our entry.
  struct Standing {
    let path: String
    /// The names of its plugins before.
    let plugins: [String]
    /// The members of our entry.
    let entry: [(key: String, value: JSONText)]
    /// It had to be written.
    let isNew: Bool
  }

  @discardableResult
  func addEntry(_ report: inout Report) throws(InstallerError) -> Standing {
    var rewritten = directories.configurations
    for _ in 0..<10 {
      let (file, list, warnings) = try choose()
      try PluginBinary.check(binary.path, serves: list, of: file.path)
      report.warnings = warnings
      let wanted = list.adding(entry)
      let isNew = wanted != list.text
      if isNew {
        guard case .done = try file.replace(by: wanted) else {
          rewritten = file.path
          continue
        }
        let verb = list.entry == nil ? "added \(Entry.type) to" : "renewed \(Entry.type) in"
        report.changes.append("\(verb) \(file.path)")
      }
      return Standing(
        path: file.path, plugins: list.types, entry: list.entry ?? entry.members, isNew: isNew)
    }
    throw InstallerError(
      "change", rewritten,
      "it was rewritten by somebody else ten times in a row; --watch goes on until it stays")
  }

  /// The network list to change. A file that is no configuration may be half written: it gets time.
  func choose() throws(InstallerError) -> (ConfigurationFile, NetworkList, [String]) {
    let deadline = Deadline(milliseconds: patience)
    var selection = try select()
    while !selection.rejections.isEmpty, !deadline.isOver {
      sleepMilliseconds(20)
      selection = try select()
    }
    let warnings = selection.rejections.map { "\($0): passed over" }
    switch selection.choice {
    case .list(let file, let list): return (file, list, warnings)
    case .single(let path): throw .notChainable(path)
    case .none: throw .nothingToChain(to: directories, selection)
    }
  }

  func select() throws(InstallerError) -> Selection {
    guard let list else {
      return try system { () throws(LinuxError) in
        try Selection(in: directories.configurations)
      }
    }
    return Selection(path: list.contains("/") ? list : "\(directories.configurations)/\(list)")
  }
}

extension InstallerError {
  fileprivate static func notChainable(_ path: String) -> InstallerError {
    InstallerError(
      "chain to", path,
      "it configures a single plugin, which nothing can be chained to; make it a list (.conflist), "
        + "or name the list that the runtime uses with --conflist")
  }

  fileprivate static func nothingToChain(
    to directories: Directories, _ selection: Selection
  ) -> InstallerError {
    let rejected = selection.rejections.map { "; \($0)" }.joined()
    return InstallerError(
      Self.findList, directories.configurations,
      "there is none yet: install the network first, or wait for it with --wait or --watch\(rejected)"
    )
  }

  private static var findList: String { "find network list" }

  var isMissingList: Bool {
    operation == Self.findList
  }
}

extension PluginBinary {
  /// Throws ``InstallerError`` unless the executable serves every version a list may be used in.
  static func check(
    _ executable: String, serves list: NetworkList, of path: String
  ) throws(InstallerError) {
    guard list.types.contains(where: { $0 != Entry.type }) else {
      throw InstallerError("chain to", path, "its only plugin is \(Entry.type) itself")
    }
    let served = try versions(of: executable)
    guard let foreign = list.versions.first(where: { !served.contains($0) }) else { return }
    throw InstallerError(
      "chain to", path,
      "its cniVersion is \(foreign), the plugin serves \(served.joined(separator: ", ")) alone")
  }
}
