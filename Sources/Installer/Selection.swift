internal import Linux

/// Which file of a directory the runtime takes for the pods' network.
struct Selection {
  /// A file that was passed over.
  struct Rejection: Hashable {
    let path: String
    let reason: String
  }

  /// What the first file turned out to be that a runtime accepts.
  enum Choice {
    /// A network list.
    case list(ConfigurationFile, NetworkList)
    /// The configuration of a single plugin.
    case single(String)
    /// There is none.
    case none
  }

  let choice: Choice
  /// Those before it that no runtime accepts, in order.
  let rejections: [Rejection]

  /// Looks at the files in the order of their names, as libcni does. Throws ``LinuxError`` when the
  /// directory cannot be read.
  init(in directory: String) throws(LinuxError) {
    self.init(paths: try Self.paths(in: directory))
  }

  /// Looks at one file alone.
  init(path: String) {
    self.init(paths: [path])
  }

  private init(paths: [String]) {
    var rejections: [Rejection] = []
    for path in paths {
      switch Self.read(path) {
      case .success(let choice):
        self.init(choice: choice, rejections: rejections)
        return
      case .failure(let rejection): rejections.append(rejection)
      }
    }
    self.init(choice: .none, rejections: rejections)
  }

  private init(choice: Choice, rejections: [Rejection]) {
    self.choice = choice
    self.rejections = rejections
  }

  /// The files that runtimes read, in their order: by the bytes of the names.
  static func paths(in directory: String) throws(LinuxError) -> [String] {
    let names = try names(in: directory).filter(isRead)
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { "\(directory)/\($0)" }
      .filter { (try? FileStatus(linkAt: $0))?.kind != .directory }
  }

  /// Whether runtimes read a file of that name.
  static func isRead(_ name: String) -> Bool {
    [".conf", ".conflist", ".json"].contains { name.hasSuffix($0) }
  }

  private static func read(_ path: String) -> Result<Choice, Rejection> {
    do throws(LinuxError) {
      let file = try ConfigurationFile(path: path)
      switch NetworkList.read(file.text, name: path) {
      case .list(let list): return .success(.list(file, list))
      case .single: return .success(.single(path))
      case .invalid(let reason): return .failure(Rejection(path: path, reason: reason))
      }
    } catch {
      return .failure(Rejection(path: path, reason: error.description))
    }
  }
}

extension Installer {
  /// Whether a list, given by its name or path, is among those that a directory's runtime reads and
  /// ``uninstall(leaving:waiting:)`` looks at. Nothing is looked up: links of directories differ.
  public static func isList(_ list: String, of directory: String) -> Bool {
    let isBeside =
      !list.contains("/")
      || parentDirectory(of: list).split(separator: "/") == directory.split(separator: "/")
        && list.hasPrefix("/")
    return isBeside && Selection.isRead(list)
  }
}

extension Selection.Rejection: Error, CustomStringConvertible {
  var description: String { "\(path): no network configuration: \(reason)" }
}
