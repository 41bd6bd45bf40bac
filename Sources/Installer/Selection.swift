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
    let suffixes = [".conf", ".conflist", ".json"]
    let names = try names(in: directory).filter { name in suffixes.contains { name.hasSuffix($0) } }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { "\(directory)/\($0)" }
      .filter { (try? FileStatus(linkAt: $0))?.kind != .directory }
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

extension Selection.Rejection: Error, CustomStringConvertible {
  var description: String { "\(path): no network configuration: \(reason)" }
}
