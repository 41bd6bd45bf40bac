import ArgumentParser
import Datapath

/// Which connections are shown.
struct ConnectionFilter: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Only connections of this pod, or between these two: NAMESPACE/POD, a container's name, or a "
        + "network namespace: a path or a name in /run/netns.", valueName: "pod"))
  var pods: [String] = []

  func validate() throws {
    guard pods.count <= 2 else { throw ValidationError("give two pods at most") }
  }

  /// Whether a connection is one of those. Throws ``ValidationError`` for a pod that is not
  /// registered.
  func matcher(in registry: borrowing Registry) throws -> (Connection) -> Bool {
    let all = try registry.all().map(\.value)
    let wanted = try pods.map { name in
      let cookies = Set(all.filter { $0.isCalled(name) }.map(\.netnsCookie))
      guard !cookies.isEmpty else { throw ValidationError("\(name) is not registered") }
      return cookies
    }
    return { connection in
      let ends = [connection.client.netnsCookie, connection.server.netnsCookie]
      switch wanted.count {
      case 0: return true
      case 1: return ends.contains(where: wanted[0].contains)
      default:
        return wanted[0].contains(ends[0]) && wanted[1].contains(ends[1])
          || wanted[0].contains(ends[1]) && wanted[1].contains(ends[0])
      }
    }
  }
}
