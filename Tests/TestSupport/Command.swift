internal import Subprocess

/// A program to run, with its arguments, environment and standard input.
public struct Command: Sendable, CustomStringConvertible {
  /// Path of the executable, or its name if it is in `PATH`.
  public var program: String
  /// What follows the program's name.
  public var arguments: [String]
  /// Added to the environment of the tests.
  public var environment: [String: String]
  /// Everything the program reads.
  public var input: String

  /// Describes a command; nothing is started.
  public init(
    _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
    input: String = ""
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.input = input
  }

  /// The command line.
  public var description: String {
    ([program] + arguments).joined(separator: " ")
  }

  /// Runs to its end. Throws ``CommandError`` only if it could not be started.
  public func run() async throws -> Completion {
    do {
      let result = try await Subprocess.run(
        .name("env"), arguments: Arguments(words), input: .string(input),
        output: .string(limit: Self.limit), error: .string(limit: Self.limit))
      return Completion(
        command: self, end: Completion.End(result.terminationStatus),
        output: result.standardOutput, error: result.standardError)
    } catch let error as SubprocessError {
      throw CommandError(command: self, reason: "\(error)")
    }
  }

  /// Runs to its end and returns its output. Throws ``CommandError`` unless it succeeds.
  @discardableResult
  public func output() async throws -> String {
    let completion = try await run()
    guard completion.isSuccess else {
      throw CommandError(command: self, reason: "\(completion.end)\n\(completion.error)")
    }
    return completion.output
  }

  /// The same, killed after a while unless it has ended. Its exit status is then 137.
  ///
  /// A shell feeds it its input: who writes to a killed process dies of SIGPIPE.
  public func killed(after delay: Duration) -> Command {
    let seconds = Double(delay.components.attoseconds) / 1e18 + Double(delay.components.seconds)
    return Command(
      "bash",
      [
        "-c", #"printf %s "$0" | timeout --signal=KILL "$@""#, input, "\(seconds)", "env",
      ] + words)
  }

  /// `env` becomes the program: one process, found in `PATH` or by its path.
  private var words: [String] {
    environment.map { "\($0.key)=\($0.value)" } + [program] + arguments
  }

  private static let limit = 8 << 20
}

extension Completion.End {
  fileprivate init(_ status: TerminationStatus) {
    switch status {
    case .exited(let code): self = .exited(code)
    case .signaled(let signal): self = .signaled(signal)
    }
  }
}
