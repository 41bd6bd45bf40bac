import ArgumentParser
import Installer

/// Which directories a container runtime reads.
struct PlatformOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Whose directories are meant: kubernetes (/etc/cni/net.d, /opt/cni/bin), rke2, k3s, microk8s "
        + "or debian.", valueName: "name"),
    transform: Self.platform)
  var platform = Directories.Platform.kubernetes

  @Option(
    help: ArgumentHelp("The runtime's network configurations.", valueName: "directory"))
  var confDir: String?

  @Option(help: ArgumentHelp("The runtime's plugins.", valueName: "directory"))
  var binDir: String?

  var directories: Directories {
    var directories = Directories(platform)
    if let confDir { directories.configurations = confDir }
    if let binDir { directories.plugins = binDir }
    return directories
  }

  func validate() throws {
    let directories = directories
    for (option, path) in [
      ("--conf-dir", directories.configurations), ("--bin-dir", directories.plugins),
    ] where !path.hasPrefix("/") {
      throw ValidationError("\(option) \(path): give an absolute path")
    }
    guard directories.configurations != directories.plugins else {
      throw ValidationError("--conf-dir and --bin-dir: give two directories")
    }
  }

  private static func platform(_ text: String) throws -> Directories.Platform {
    guard let platform = Directories.Platform(rawValue: text) else {
      let all = Directories.Platform.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--platform \(text): give one of \(all)")
    }
    return platform
  }
}
