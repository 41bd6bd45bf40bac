import ArgumentParser
import Installer

/// Where the container runtime looks.
struct InstallationOptions: ParsableArguments {
  @OptionGroup var platform: PlatformOptions

  @Flag(help: "Change nothing, show what would be changed: a unified diff.")
  var dryRun = false

  var directories: Directories { platform.directories }
}
