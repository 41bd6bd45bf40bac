import Agent
import ArgumentParser
import Doctor
import Installer
import JSON
import Linux

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Looks for what keeps the shortcut from working, and says what to do.",
    discussion: """
      A line for each thing that was looked at: ok, warn or fail. Ends with status 1 if anything \
      failed. The last one sends bytes between two network namespaces through what is loaded and \
      checks them; where nothing is loaded, the programs are tried as 'load' tries them. It leaves \
      nothing behind, even if it is killed.
      """)

  @OptionGroup var location: LocationOptions
  @OptionGroup var platform: PlatformOptions

  @Option(
    help: ArgumentHelp(
      "The network list of --conf-dir that should have the plugin, by its name or path.",
      valueName: "file"))
  var conflist: String?

  @Option(
    help: ArgumentHelp(
      "The executable that should be installed; default: shortcut-cni beside this program.",
      valueName: "path"))
  var plugin: String?

  @Option(
    help: ArgumentHelp(
      "Socket of the node's ovsdb-server, or 'none'; default: the running agent's, or "
        + "/run/openvswitch/db.sock.", valueName: "path"))
  var ovsdb: String?

  @Option(help: ArgumentHelp("The bridge of the pods; default: br-int.", valueName: "name"))
  var bridge = "br-int"

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    guard let ovsdb, ovsdb != Self.none else { return }
    guard ovsdb.hasPrefix("/") else {
      throw ValidationError("--ovsdb \(ovsdb): give an absolute path or 'none'")
    }
  }

  func run() throws {
    var findings: [Finding] = []
    examination.run { finding in
      findings.append(finding)
      if !json { finding.lines.forEach { print($0) } }
    }
    let isWell = !findings.contains { $0.verdict == .fail }
    if json {
      let document: JSONValue = [
        "ok": .bool(isWell), "findings": .array(findings.map(\.document)),
      ]
      print(document.encoded(indented: true))
    }
    guard isWell else { throw ExitCode.failure }
  }

  private var examination: Examination {
    let installer = Installer(
      directories: platform.directories, plugin: plugin ?? sibling(Entry.type), list: conflist)
    let program = (try? Descriptor.open("/proc/self/exe").path()) ?? "shortcutctl"
    var examination = Examination(
      pins: location.pins, installer: installer, database: database,
      guardian: [program, DoctorGuardianCommand.name, "--bpffs-root", location.root])
    examination.bridge = bridge
    return examination
  }

  private static let none = "none"

  /// Nil: Open vSwitch is not looked at.
  private var database: String? {
    guard let ovsdb else {
      let agent = AgentReport.fetch(for: location.pins)?["ovsdb"]
      guard let agent else { return AgentOptions.standard.database }
      return agent["socket"]?.stringValue
    }
    return ovsdb == Self.none ? nil : ovsdb
  }
}
