import Datapath

/// Who else works on TCP sockets with BPF.
struct NeighbourCheck: Check {
  let pins: PinDirectory

  func findings() -> [Finding] {
    do throws(DatapathError) {
      let neighbours = try Neighbours(pins)
      return programs(neighbours) + maps(neighbours) + modules(neighbours)
    } catch {
      return [Finding(.warn, "neighbours", error.description)]
    }
  }

  private func programs(_ neighbours: Neighbours) -> [Finding] {
    let active = titles(neighbours.socketOperations).map { title in
      Finding(
        .warn, "sock_ops", "\(title) runs for the same sockets",
        "one that sets callback flags ends ours: see bpftool cgroup tree, and whose it is")
    }
    let idle = titles(neighbours.idleSocketOperations).map { title in
      Finding(.warn, "sock_ops", "\(title) is loaded, for other cgroups or for none")
    }
    let all = active + idle
    return all.isEmpty ? [Finding(.ok, "sock_ops", "no others")] : all
  }

  private func maps(_ neighbours: Neighbours) -> [Finding] {
    guard !neighbours.socketMaps.isEmpty else { return [Finding(.ok, "sockmaps", "no others")] }
    return titles(neighbours.socketMaps).map { title in
      Finding(
        .warn, "sockmaps",
        "\(title) is not ours, or of an earlier load whose connections live on",
        "sockets in it are refused as 'owned': see bpftool map show")
    }
  }

  private func modules(_ neighbours: Neighbours) -> [Finding] {
    titles(neighbours.securityModules).map { title in
      Finding(.warn, "lsm", "BPF LSM program \(title) may forbid what we need")
    }
  }

  /// `NAME (id 3, 4, 5)`, one for each name.
  private func titles(_ items: [Neighbours.Item]) -> [String] {
    let groups = Dictionary(grouping: items, by: \.name).sorted { $0.key < $1.key }
    return groups.map { name, items in
      let identifiers = items.map { "\($0.identifier)" }
      let more = items.count > Self.shown ? " and \(items.count - Self.shown) more" : ""
      let list = identifiers.prefix(Self.shown).joined(separator: ", ")
      return "\(name.isEmpty ? "unnamed" : name) (id \(list)\(more))"
    }
  }

  private static let shown = 4
}
