import JSON

/// What connects the pods.
struct OpenVSwitchCheck: Check {
  let database: String?
  let bridge: String

  func findings() -> [Finding] {
    guard let database else { return [] }
    do throws(DatabaseQuery.Fault) {
      let rows = try DatabaseQuery(path: database)
        .select("Bridge", where: "name", is: bridge, ["datapath_type"])
      return [Finding(.ok, "ovsdb", database), finding(rows)]
    } catch {
      return [
        Finding(
          .fail, "ovsdb", error.reason,
          "see that Open vSwitch runs; --ovsdb names its socket, or 'none' where there is none")
      ]
    }
  }

  private func finding(_ rows: [JSONValue]) -> Finding {
    guard let row = rows.first else {
      return Finding(
        .fail, "bridge", "there is no \(bridge)",
        "see that kube-ovn runs on this node; --bridge names its bridge")
    }
    switch row["datapath_type"]?.stringValue ?? "" {
    case "", "system": return Finding(.ok, "bridge", "\(bridge), datapath in the kernel")
    case let type:
      return Finding(
        .warn, "bridge",
        "\(bridge), datapath type \(type): plain TCP is slow there, the shortcut is not")
    }
  }
}
