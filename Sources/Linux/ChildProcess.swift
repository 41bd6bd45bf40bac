private import CLinux
private import Glibc

/// Owns a running program, found in `PATH`; it is ended and awaited with its owner.
public struct ChildProcess: ~Copyable {
  private let process: pid_t
  private let input: CInt
  private let output: CInt
  private let name: String
  private var hasEnded = false

  /// What a program's standard input is.
  public enum Input: Sendable {
    /// At its end at once.
    case empty
    /// At its end as soon as the owner is gone, however it went.
    case lifeline
  }

  /// Starts a program with this process's environment and standard error.
  ///
  /// `arguments` begins with the program. Throws ``LinuxError``. The corresponding C function is
  /// `posix_spawnp`.
  public init(_ arguments: [String], input: Input = .empty) throws(LinuxError) {
    let name = arguments.first ?? ""
    var (process, toChild, fromChild) = (pid_t(0), CInt(-1), CInt(-1))
    let vector = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe vector.forEach { unsafe free($0) } }
    try check("posix_spawn", name) {
      switch input {
      case .empty: unsafe clinux_spawn(vector, nil, &fromChild, &process)
      case .lifeline: unsafe clinux_spawn(vector, &toChild, &fromChild, &process)
      }
    }
    self.process = process
    self.input = toChild
    output = fromChild
    self.name = name
  }

  deinit {
    close(output)
    if input != -1 { close(input) }
    guard !hasEnded else { return }
    // The end of its input ends the other kind, when it has done what it waited to do.
    if input == -1 { kill(process, SIGTERM) }
    _ = waitpid(process, nil, 0)
  }

  /// One line of its standard output without the line's end; shorter if the output ends before.
  ///
  /// Throws ``LinuxError``.
  public borrowing func readLine() throws(LinuxError) -> String {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = try check("read", name) { unsafe read(output, &byte, 1) }
      guard count == 1, byte != UInt8(ascii: "\n") else { break }
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// The rest of its standard output, up to 1 MiB. Throws ``LinuxError``; `EFBIG` beyond.
  public borrowing func readOutput() throws(LinuxError) -> String {
    let content = try readAll(from: output, subject: name, limit: 1 << 20)
    guard let content else { throw LinuxError(operation: "read", subject: name, code: EFBIG) }
    return String(decoding: content, as: UTF8.self)
  }

  /// Waits until it has written something or closed its output; whether that came in time.
  ///
  /// Throws ``LinuxError``.
  public borrowing func hasOutput(within milliseconds: Int) throws(LinuxError) -> Bool {
    try waitForInput([output], milliseconds: milliseconds)[0]
  }

  /// Waits until it has ended by itself; whether it succeeded. Throws ``LinuxError``.
  public mutating func succeeds() throws(LinuxError) -> Bool {
    var status: CInt = 0
    let process = process
    try check("waitpid", name) { unsafe waitpid(process, &status, 0) }
    hasEnded = true
    return status == 0
  }
}
