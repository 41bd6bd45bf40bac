import CNI
import Glibc
import JSON
import Linux
import TestSupport
import Testing

/// The plugin's standard streams, as an unkind runtime may leave them.
@Suite(.timeLimit(.minutes(5))) struct StreamTests {
  private static let limit = NetworkConfiguration.sizeLimit

  /// The member `padding` of a configuration of 16 MiB, by kind.
  static let paddings: [(prefix: String, element: String, suffix: String)] = [
    ("\"", "x", "\""), ("[", "{},", "0]"), ("", "\n", "0"),
  ]

  @Test(arguments: paddings)
  func configurationOf16MebibytesIsServed(
    _ padding: (prefix: String, element: String, suffix: String)
  ) async throws {
    let call = call()
    let head = #"{"padding":"# + padding.prefix
    let tail = padding.suffix + "," + call.configuration.dropFirst()
    let count = (Self.limit - head.utf8.count - tail.utf8.count) / padding.element.utf8.count
    let text = head + String(repeating: padding.element, count: count) + tail
    try call.expect(.add, try await run(call, text), lines: 1)
  }

  @Test(arguments: [
    "[", "{\"a\":", "[{\"\":", "\"", "1", "\\", " ", "\u{0}", "}", "null,", "\u{fffd}",
  ])
  func unendingTextIsRefused(_ element: String) async throws {
    let text = String(repeating: element, count: Self.limit / element.utf8.count)
    for text in [text, text + element, #"{"prevResult":"# + text.dropLast(20)] {
      let completion = try await run(call(), text)
      #expect(completion.end == .exited(1))
      let document = try JSONValue(parsing: Array(completion.output.utf8))
      #expect(document["code"] == 6 || document["code"] == 7, "\(document)")
    }
  }

  @Test func largerConfigurationIsRefused() async throws {
    let call = call()
    let text = call.configuration + String(repeating: " ", count: Self.limit)
    let completion = try await run(call, text)
    #expect(completion.output.contains(#""msg": "network configuration on stdin is too large""#))
  }

  @Test(arguments: [
    ("<&-", 1, "Bad file descriptor"), ("</", 1, "Is a directory"), ("</dev/null", 1, "code"),
    (">&-", 1, ""), (">/dev/full", 1, ""), ("2>&-", 0, "cniVersion"), ("<&- >&- 2>&-", 1, ""),
    ("| exec sleep 0", 0, ""),
  ])
  func streamThatIsNoneIsSurvived(
    _ redirection: String, _ status: Int32, _ text: String
  ) async throws {
    let call = call()
    let path = try write(call.configuration)
    defer { _ = try? removeFile(path) }
    let command = Command(
      "bash", ["-c", "\"$0\" <\(path) \(redirection)", Products.path("shortcut-cni")],
      environment: call.variables.merging(["CNI_COMMAND": "ADD"]) { $1 })
    let completion = try await command.run()
    #expect(completion.end == .exited(status))
    #expect(completion.output.contains(text))
    if !completion.output.isEmpty {
      #expect(throws: Never.self) { try JSONValue(parsing: Array(completion.output.utf8)) }
    }
  }

  @Test func readerOfErrorsThatIsGoneCostsNothing() async throws {
    let call = call()
    let script = #"exec 3>&1; { sleep 0.1; printf %s "$0" | "$1" 2>&1 >&3; echo $? >&3; } | :"#
    let command = Command(
      "bash", ["-c", script, call.configuration, Products.path("shortcut-cni")],
      environment: call.variables.merging(["CNI_COMMAND": "ADD"]) { $1 })
    #expect(try await command.output() == call.previousResult + "0\n")
  }

  private func call() -> PodCall {
    var call = PodCall(settings: [("bpffsRoot", "/nonexistent")])
    call.variables["CNI_NETNS"] = "/nonexistent/netns"
    return call
  }

  private func run(_ call: PodCall, _ text: String) async throws -> Completion {
    let path = try write(text)
    defer { _ = try? removeFile(path) }
    return try await Command(
      "bash", ["-c", #"exec "$0" <"$1""#, Products.path("shortcut-cni"), path],
      environment: call.variables.merging(["CNI_COMMAND": "ADD"]) { $1 }
    ).run()
  }

  private func write(_ text: String) throws -> String {
    let path = "/tmp/shortcut-input-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let file = try Descriptor.open(path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    try writeAll(Array(text.utf8), to: file.rawValue, subject: path)
    return path
  }
}
