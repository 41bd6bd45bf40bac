import Glibc
import Linux
import Testing

@Suite struct ChildProcessTests {
  @Test func outputIsReadToItsEnd() throws {
    var child = try ChildProcess(["sh", "-c", "echo first; echo second; echo third"])
    #expect(try child.readLine() == "first")
    #expect(try child.readOutput() == "second\nthird\n")
    #expect(try child.succeeds())
  }

  @Test func failureIsNoSuccess() throws {
    var child = try ChildProcess(["false"])
    #expect(try !child.succeeds())
  }

  @Test func missingProgramIsNamed() {
    let error = #expect(throws: LinuxError.self) { _ = try ChildProcess(["/no/such/program"]) }
    #expect(error?.operation == "posix_spawn")
    #expect(error?.subject == "/no/such/program")
    #expect(error?.code == ENOENT)
  }

  @Test func childEndsWithItsOwner() throws {
    let identifier = try identifierOfChild(["sh", "-c", "echo $$; exec sleep 60"], input: .empty)
    #expect(kill(identifier, 0) == -1)
  }

  /// It ignores the signals that end its owner, and does its work when that is gone.
  @Test func lifelineEndsWithItsOwner() throws {
    let path = "/tmp/shortcut-lifeline-\(getpid())"
    let script = "trap '' TERM INT; echo $$; cat >/dev/null; : >\(path)"
    let identifier = try identifierOfChild(["sh", "-c", script], input: .lifeline)
    #expect(kill(identifier, 0) == -1)
    #expect(try removeFile(path))
  }

  private func identifierOfChild(
    _ words: [String], input: ChildProcess.Input
  ) throws -> pid_t {
    let child = try ChildProcess(words, input: input)
    let identifier = try #require(pid_t(try child.readLine()))
    #expect(kill(identifier, 0) == 0)
    return identifier
  }
}
