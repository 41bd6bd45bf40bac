import ArgumentParser
import Installer

struct UninstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uninstall-cni",
    abstract: "Takes the CNI plugin out of the pods' network.",
    discussion: """
      The entry goes first, from every network list of the directory, which is then what it was \
      before. The executable stays: runtimes that keep their own copy of a list still call it for \
      the pods that are there, and without a datapath it passes everything through. With --purge it \
      goes, too, unless some configuration still names it; a pod that is being created just then \
      may have to be tried again by its runtime.
      """)

  @OptionGroup var installation: InstallationOptions

  @Flag(help: "Remove the executable, too.")
  var purge = false

  @Option(
    help: ArgumentHelp(
      "How long the runtime has to read the change before the executable goes.",
      valueName: "seconds"))
  var wait = 10

  func validate() throws {
    guard (0...86400).contains(wait) else {
      throw ValidationError("--wait \(wait): give 0 to 86400")
    }
  }

  func run() throws {
    let installer = Installer(directories: installation.directories, plugin: sibling(Entry.type))
    let remainder: Installer.Remainder = purge ? .nothing : .executable
    if installation.dryRun {
      print(try installer.removalPreview(leaving: remainder), terminator: "")
    } else {
      show(try installer.uninstall(leaving: remainder, waiting: wait))
    }
  }
}
