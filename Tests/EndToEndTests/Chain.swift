import TestSupport

/// Network lists of a primary plugin, portmap and `shortcut-cni`.
enum Chain: String, CaseIterable {
  /// Routed links with addresses of host-local; CNI 1.0.0.
  case ptp
  /// Ports of OVN; CNI 0.3.1, so that no call but ADD gets a previous result.
  case kubeOVN

  /// Brings up a road with this list, and the datapath on it, for the time of `body`.
  func withRoad(_ body: (Road) async throws -> Void) async throws {
    let options = self == .ptp ? ["--primary", "ptp"] : []
    try await Road.with(self == .ptp ? .bridge : .ovn, roadOptions: options) { road in
      try await road.load()
      try await body(road)
    }
  }
}

/// Brings up a runtime on such a road for the time of `body`.
func withRuntime(
  _ kind: ContainerRuntime.Kind, _ chain: Chain, daemon: String? = nil,
  _ body: (ContainerRuntime, Road) async throws -> Void
) async throws {
  try await chain.withRoad { road in
    try await ContainerRuntime.with(kind, daemon: daemon, on: road) { runtime in
      try await body(runtime, road)
    }
  }
}
