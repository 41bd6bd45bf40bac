import ArgumentParser
import Datapath
import Linux

/// Started by `doctor` alone: removes what its self-test registered, when that is over or killed.
struct DoctorGuardianCommand: ParsableCommand {
  static let name = "doctor-guardian"

  static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

  @OptionGroup var location: LocationOptions

  @Argument var remains: [String]

  func run() throws {
    guard let remains = Remains(pins: location.pins, remains) else {
      throw ValidationError("only doctor starts this")
    }
    ignoreInterruptions()
    try writeAll(Array("\(Remains.greeting)\n".utf8), to: 1, subject: "standard output")
    _ = try readAll(from: 0, subject: "standard input", limit: 1)
    try remains.remove()
  }
}
