/// Where a node's container runtime looks for network configurations and for plugins.
public struct Directories: Sendable, Hashable {
  /// Network configurations.
  public var configurations: String
  /// Executables of plugins.
  public var plugins: String

  /// Names both, as absolute paths.
  public init(configurations: String, plugins: String) {
    self.configurations = configurations
    self.plugins = plugins
  }

  /// Those of a distribution.
  public init(_ platform: Platform) {
    switch platform {
    case .kubernetes, .rke2:
      self.init(configurations: "/etc/cni/net.d", plugins: "/opt/cni/bin")
    case .k3s:
      self.init(
        configurations: "/var/lib/rancher/k3s/agent/etc/cni/net.d",
        plugins: "/var/lib/rancher/k3s/data/cni")
    case .microk8s:
      self.init(
        configurations: "/var/snap/microk8s/current/args/cni-network",
        plugins: "/var/snap/microk8s/current/opt/cni/bin")
    case .debian:
      self.init(configurations: "/etc/cni/net.d", plugins: "/usr/lib/cni")
    }
  }

  /// Distributions whose directories are known.
  public enum Platform: String, Sendable, CaseIterable {
    /// kubeadm and whatever keeps to the defaults of containerd and CRI-O.
    case kubernetes
    /// K3s since its releases of October 2024.
    case k3s
    /// RKE2.
    case rke2
    /// MicroK8s.
    case microk8s
    /// Debian's podman and containernetworking-plugins.
    case debian
  }
}
