private import Linux

/// Where the programs under test are.
public enum Products {
  /// The directory of the built executables: that of the running test bundle.
  public static let directory: String = {
    let own = try? Descriptor.open("/proc/self/exe").path()
    return own.map(parent) ?? "."
  }()

  /// The checkout this bundle was built from.
  public static let repository = parent(parent(parent(#filePath)))

  /// The path of a built executable.
  public static func path(_ name: String) -> String {
    "\(directory)/\(name)"
  }

  private static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return String(path[..<slash])
  }
}
