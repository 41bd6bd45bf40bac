import ArgumentParser
import Installer
import Linux

struct InstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install-cni",
    abstract: "Installs the CNI plugin and chains it to the pods' network.",
    discussion: """
      The executable comes first: it is copied aside, has to answer, and takes its place at once. \
      Then shortcut-cni is added after the last plugin of the network list that the runtime uses, \
      the first valid one by name; not another byte of that file changes. Pods start and stop \
      meanwhile. What is there already stays: the command may be repeated, and upgrades.

      An entry that is there keeps its settings but for those given here.
      """)

  @OptionGroup var installation: InstallationOptions
  @OptionGroup(title: "Settings of the plugin") var settings: EntryOptions

  @Option(
    help: ArgumentHelp(
      "The network list of --conf-dir to change, by its name or path: for meta-plugins (Multus) that "
        + "take the first place and use another one.", valueName: "file"))
  var conflist: String?

  @Option(
    help: ArgumentHelp(
      "The executable to install; default: shortcut-cni beside this program.", valueName: "path"))
  var plugin: String?

  @Option(help: ArgumentHelp("Wait so long for a network list to appear.", valueName: "seconds"))
  var wait = 0

  @Flag(help: "Stay in the foreground and put back what others remove.")
  var watch = false

  @Flag(help: "Change nothing, fail unless everything is in place: for readiness probes.")
  var check = false

  func validate() throws {
    guard [watch, check, installation.dryRun].filter({ $0 }).count <= 1 else {
      throw ValidationError("--watch, --check and --dry-run: give one of them")
    }
    guard (0...86400).contains(wait) else {
      throw ValidationError("--wait \(wait): give 0 to 86400")
    }
    try refuseListElsewhere()
  }

  /// An entry that `uninstall-cni` does not find would outlive the executable.
  private func refuseListElsewhere() throws {
    let directory = installation.directories.configurations
    guard let conflist, !Installer.isList(conflist, of: directory) else { return }
    throw ValidationError(
      "--conflist \(conflist): give a .conf, .conflist or .json file of --conf-dir \(directory): "
        + "uninstall-cni looks nowhere else")
  }

  func run() throws {
    let installer = Installer(
      directories: installation.directories, plugin: plugin ?? sibling(Entry.type),
      entry: settings.entry, list: conflist)
    if installation.dryRun {
      print(try installer.installationPreview(), terminator: "")
    } else if check {
      try requireNone(installer.problems())
    } else if watch {
      try installer.watch { show($0) }
    } else {
      show(try installer.install(waiting: wait))
    }
  }

  private func requireNone(_ problems: [String]) throws {
    guard !problems.isEmpty else { return }
    problems.forEach { warn($0) }
    throw ExitCode.failure
  }
}

/// The path of another program in this program's directory.
func sibling(_ name: String) -> String {
  let program = (try? Descriptor.open("/proc/self/exe").path()) ?? "./shortcutctl"
  let directory = program.lastIndex(of: "/").map { program[..<$0] } ?? "."
  return "\(directory)/\(name)"
}

func show(_ report: Installer.Report) {
  report.warnings.forEach { warn("warning: \($0)") }
  report.changes.forEach { print($0) }
}

/// Unbuffered: a supervisor reads it while we run.
private func show(_ notice: Installer.Notice) {
  switch notice {
  case .change(let text): try? writeAll(Array("\(text)\n".utf8), to: 1, subject: "stdout")
  case .warning(let text): warn("warning: \(text)")
  }
}

private func warn(_ text: String) {
  try? writeAll(Array("\(text)\n".utf8), to: 2, subject: "stderr")
}
