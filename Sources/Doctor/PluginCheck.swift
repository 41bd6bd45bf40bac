import Installer

/// The plugin's executable, and its entry in the network list.
struct PluginCheck: Check {
  let installer: Installer

  func findings() -> [Finding] {
    do throws(InstallerError) {
      let problems = try installer.problems()
      guard problems.isEmpty else {
        return problems.map { Finding(.fail, "plugin", $0, "shortcutctl install-cni") } + digest
      }
      return [
        Finding(.ok, "plugin", "chained in \(try installer.chosenList() ?? "the network list")")
      ]
        + digest
    } catch {
      return [
        Finding(
          .fail, "plugin", error.description,
          "shortcutctl install-cni --dry-run tells what is to be done")
      ] + digest
    }
  }

  /// To be compared with other nodes.
  private var digest: [Finding] {
    guard let digest = installer.installedDigest else { return [] }
    return [Finding(.ok, "plugin", "\(installer.installedPath) sha256 \(digest)")]
  }
}
