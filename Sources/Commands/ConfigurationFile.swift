import Agent
import JSON
import Linux

/// A JSON object whose members are the long flags of a command, in lowerCamelCase:
/// `{"maxPods": 100}` is `--max-pods 100`. Flags that are given on the command line come first.
struct ConfigurationFile {
  /// Where it is if nothing else is said.
  static let standard = "/etc/shortcut/config.json"

  let path: String
  /// Whether the absence of the file is a fault.
  let isRequired: Bool

  /// The flags of the file, without those among `given`. Throws ``AgentError``.
  func arguments(without given: [String]) throws(AgentError) -> [String] {
    guard isRequired || exists(path) else { return [] }
    let members = try members()
    var arguments: [String] = []
    for (key, value) in members {
      let flag = Self.flag(key)
      guard !given.contains(where: { $0 == flag || $0.hasPrefix("\(flag)=") }) else { continue }
      arguments += try words(flag, value, of: key)
    }
    return arguments
  }

  private func members() throws(AgentError) -> [(String, JSONValue)] {
    let text: String
    do throws(LinuxError) {
      text = try readText(path)
    } catch {
      throw AgentError(error)
    }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: Array(text.utf8))
    } catch {
      throw fault("\(error)")
    }
    guard let members = value.members else { throw fault("expected an object") }
    return members
  }

  private func words(
    _ flag: String, _ value: JSONValue, of key: String
  ) throws(AgentError) -> [String] {
    switch value {
    case .bool(let isSet): return isSet ? [flag] : []
    case .array(let elements):
      let texts = elements.compactMap(\.stringValue)
      guard texts.count == elements.count else { throw fault("\(key): expected strings") }
      return texts.isEmpty ? [] : [flag] + texts
    case .string(let text): return ["\(flag)=\(text)"]
    case .integer(let number): return ["\(flag)=\(number)"]
    default: throw fault("\(key): expected a string, a whole number, a boolean or strings")
    }
  }

  /// What is wrong with it.
  func fault(_ reason: String) -> AgentError {
    AgentError(operation: "read", subject: path, reason: reason)
  }

  /// `maxPods` is `--max-pods`.
  private static func flag(_ key: String) -> String {
    "--" + key.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
  }
}
