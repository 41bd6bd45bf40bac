import Testing

@testable import Installer

/// Where runtimes look.
struct DirectoriesTests {
  /// As each distribution's documentation and sources have them.
  private static let places: [(Directories.Platform, configurations: String, plugins: String)] = [
    (.kubernetes, "/etc/cni/net.d", "/opt/cni/bin"),
    (.rke2, "/etc/cni/net.d", "/opt/cni/bin"),
    (
      .k3s, "/var/lib/rancher/k3s/agent/etc/cni/net.d", "/var/lib/rancher/k3s/data/cni"
    ),
    (
      .microk8s, "/var/snap/microk8s/current/args/cni-network",
      "/var/snap/microk8s/current/opt/cni/bin"
    ),
    (.debian, "/etc/cni/net.d", "/usr/lib/cni"),
  ]

  @Test(arguments: places)
  func platformHasTheDirectoriesOfItsRuntime(
    platform: Directories.Platform, configurations: String, plugins: String
  ) {
    let expected = Directories(configurations: configurations, plugins: plugins)
    #expect(Directories(platform) == expected)
  }

  @Test func everyPlatformIsInTheTable() {
    #expect(Set(Self.places.map(\.0)) == Set(Directories.Platform.allCases))
  }
}
