/// The environment variables of the protocol, by name.
enum Variable: String {
  case command = "CNI_COMMAND"
  case containerID = "CNI_CONTAINERID"
  case networkNamespace = "CNI_NETNS"
  case interfaceName = "CNI_IFNAME"
  case arguments = "CNI_ARGS"
  case path = "CNI_PATH"
  /// Not in the specification; the reference implementation's way past its own check.
  case namespaceOverride = "CNI_NETNS_OVERRIDE"

  /// Those a command cannot do without. `CNI_PATH` is optional in the specification, but the
  /// reference implementation demands it and every runtime sets it.
  static func required(by command: Command?) -> [Variable] {
    switch command {
    case .add, .check: [.containerID, .networkNamespace, .interfaceName, .path]
    case .delete: [.containerID, .interfaceName, .path]
    case .garbageCollect, .status: [.path]
    case .version, nil: []
    }
  }

  /// Throws ``CNIError`` with code 4 when this variable cannot have such a value.
  func validate(_ value: String) throws(CNIError) {
    switch self {
    case .containerID: try Self.validateContainerID(value)
    case .interfaceName: try Self.validateInterfaceName(value)
    default: break
    }
  }

  private static func validateContainerID(_ value: String) throws(CNIError) {
    guard isIdentifier(value) else {
      throw CNIError(
        code: .invalidEnvironment, message: "invalid characters in containerID", details: value)
    }
  }

  private static func validateInterfaceName(_ value: String) throws(CNIError) {
    guard value.utf8.count <= 15 else {
      throw CNIError(
        code: .invalidEnvironment, message: "interface name is too long",
        details: "interface name should be less than 16 characters")
    }
    guard value != ".", value != ".." else {
      throw CNIError(code: .invalidEnvironment, message: "interface name is . or ..")
    }
    let isClean = value.unicodeScalars.allSatisfy { scalar in
      scalar != "/" && scalar != ":" && !isWhitespace(scalar)
    }
    guard isClean else {
      throw CNIError(
        code: .invalidEnvironment,
        message: "interface name contains / or : or whitespace characters")
    }
  }
}

/// The tables of Unicode are only looked at for what is beyond ASCII: they are slow to come by.
private func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar.isASCII else { return scalar.properties.isWhitespace }
  return scalar == " " || ("\t"..."\r").contains(scalar)
}

/// Whether a text is a container ID or network name: `^[a-zA-Z0-9][a-zA-Z0-9_.\-]*$`, ASCII.
func isIdentifier(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  guard let first = bytes.first, first.isAlphanumeric else { return false }
  return bytes.allSatisfy { $0.isAlphanumeric || "_.-".utf8.contains($0) }
}

extension UInt8 {
  fileprivate var isAlphanumeric: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
