private import Linux

/// Which upstream release a kernel is, as far as it says.
public struct KernelVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The first two numbers: 6.12.
  public let series: [Int]
  /// The third.
  public let patch: Int

  /// States one.
  public init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
    (series, self.patch) = ([major, minor], patch)
  }

  /// Decodes `6.12.43+deb13-amd64`: what comes behind the numbers does not count.
  public init?(_ text: some StringProtocol) {
    let numbers = text.prefix { $0.isNumber || $0 == "." }.split(separator: ".").map { Int($0) }
    guard numbers.count >= 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    self.init(major, minor, numbers.count > 2 ? numbers[2] ?? 0 : 0)
  }

  /// Decodes what `/proc/version` and, on Ubuntu, `/proc/version_signature` say.
  ///
  /// Debian's release is a name (`6.1.0-50-amd64`), its build tells the number (`Debian 6.1.176-1`).
  /// Nil for distributions that mend an old release without counting: nothing follows from theirs.
  public init?(version: String, signature: String? = nil) {
    if let last = signature?.split(whereSeparator: \.isWhitespace).last {
      self.init(last)
      return
    }
    let words = version.split(whereSeparator: \.isWhitespace)
    guard words.count > 2, !Self.isUncounted(words[2]) else { return nil }
    let build = words.drop { !$0.hasPrefix("#") }
    if let name = build.firstIndex(of: "Debian"), build.indices.contains(name + 1) {
      self.init(build[name + 1])
    } else {
      self.init(words[2])
    }
  }

  /// The running kernel's.
  public static var running: KernelVersion? {
    guard let version = try? readText("/proc/version") else { return nil }
    return KernelVersion(
      version: version, signature: try? readText("/proc/version_signature"))
  }

  /// Red Hat's and SUSE's.
  private static func isUncounted(_ release: Substring) -> Bool {
    release.contains(".el") || release.hasSuffix("-default")
  }

  /// By number.
  public static func < (one: KernelVersion, other: KernelVersion) -> Bool {
    (one.series + [one.patch]).lexicographicallyPrecedes(other.series + [other.patch])
  }

  /// `6.12.43`, and `6.13` where nothing was mended yet.
  public var description: String {
    let numbers = patch == 0 ? series : series + [patch]
    return numbers.map(String.init).joined(separator: ".")
  }
}
