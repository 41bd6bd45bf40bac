/// A version as a number, for comparing those that no code knows.
struct VersionNumber: Sendable, Hashable, Comparable {
  let major: Int
  let minor: Int
  let patch: Int

  /// Of ``ProtocolVersion/latest``.
  static let latest = VersionNumber(major: 1, minor: 1, patch: 0)

  init(major: Int, minor: Int, patch: Int) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Reads `major[.minor[.patch]]`; an absent part is zero.
  ///
  /// Throws ``CNIError`` with code 6, in the words of the reference implementation.
  init(parsing text: String) throws(CNIError) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 3 else {
      throw CNIError(
        code: .decodingFailure, message: "invalid version \(quoted(text)): too many parts")
    }
    major = try Self.number(parts[0], part: "major")
    minor = parts.count > 1 ? try Self.number(parts[1], part: "minor") : 0
    patch = parts.count > 2 ? try Self.number(parts[2], part: "micro") : 0
  }

  static func < (left: VersionNumber, right: VersionNumber) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }

  private static func number(_ text: Substring, part: String) throws(CNIError) -> Int {
    guard let number = Int(text) else {
      throw CNIError(
        code: .decodingFailure,
        message: "failed to convert \(part) version part \(quoted(text)): "
          + "strconv.Atoi: parsing \(quoted(text)): invalid syntax")
    }
    return number
  }
}
