import ArgumentParser
import Datapath

/// Where the datapath lives.
struct LocationOptions: ParsableArguments {
  @Option(
    name: .customLong("bpffs-root"),
    help: ArgumentHelp(
      "Directory on a BPF file system that keeps the pinned maps and the link.",
      valueName: "directory"))
  var root = PinDirectory.standard.path

  var pins: PinDirectory { PinDirectory(path: root) }

  func validate() throws {
    guard root.hasPrefix("/"), root.split(separator: "/").count > 1 else {
      throw ValidationError(
        "--bpffs-root \(root): give an absolute path of a directory below a BPF file system")
    }
  }
}
