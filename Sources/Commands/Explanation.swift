import Agent
import Datapath
import Linux

/// Whether pods may use the shortcut, and what stands between them and it.
struct Explanation {
  /// What stands in the way, and what to do; empty: nothing does.
  private(set) var obstacles: [String] = []
  private var notes: [String] = []

  /// What people read.
  var lines: [String] {
    guard !obstacles.isEmpty else { return ["yes"] + notes }
    return obstacles.map { "no: \($0)" } + notes
  }

  /// Looks at everything that can be known before a connection is made. Throws ``DatapathError``.
  init(of names: [String], _ pins: PinDirectory) throws(DatapathError) {
    let status = try Status(pins)
    guard status.isLoaded else {
      obstacles = ["nothing is loaded: shortcutctl load"]
      return
    }
    let holds = Holds(AgentReport.fetch(for: pins))
    explain(status, holds)
    let registry = try Registry(pins)
    let all = try registry.all().map(\.value)
    var domains: Set<UInt32> = []
    for name in names {
      let own = all.filter { $0.isCalled(name) }
      try explain(name, own, registry, holds)
      domains.formUnion(own.map(\.domain).filter { $0 != Domain.unknown })
    }
    if domains.count > 1 { obstacles.append("the two pods are of different VPCs: see crossVpc") }
    note(status.counters)
  }

  private mutating func explain(_ status: Status, _ holds: Holds) {
    if status.suspensions.contains(.paused) {
      obstacles.append("the node is paused: shortcutctl resume --node")
    }
    if status.suspensions.contains(.held) {
      obstacles.append("the node is held by the agent: \(holds.ofNode ?? "no agent tells why")")
    }
  }

  private mutating func explain(
    _ name: String, _ attachments: [Attachment], _ registry: borrowing Registry, _ holds: Holds
  ) throws(DatapathError) {
    guard !attachments.isEmpty else {
      obstacles.append(
        "\(name) is not registered: it has no network of its own, or is older than the plugin and "
          + "shortcutd has not adopted it")
      return
    }
    let enabled = attachments.filter { !$0.isDisabled }
    guard !enabled.isEmpty else {
      obstacles.append(
        "\(name) takes no part: by its annotation, the plugin's configuration, or a limit that is "
          + "not made in Open vSwitch")
      return
    }
    for attachment in enabled {
      try explain(name, attachment, registry, holds)
    }
  }

  private mutating func explain(
    _ name: String, _ attachment: Attachment, _ registry: borrowing Registry, _ holds: Holds
  ) throws(DatapathError) {
    let suspensions = try registry.suspensions(of: attachment)
    if suspensions.contains(.paused) {
      obstacles.append("\(name) is paused: shortcutctl resume \(name)")
    }
    if suspensions.contains(.held) {
      obstacles.append(
        "\(name) is held by the agent: \(holds.ofPods[attachment.title] ?? unexplained(attachment))"
      )
    }
    if attachment.isNamespaceGone {
      obstacles.append("\(name): its network namespace \(attachment.netnsPath) is gone")
    }
    switch attachment.sockets {
    case .nonblocking: notes.append("\(name): sockets that are O_NONBLOCK take part")
    case .all: notes.append("\(name): all sockets take part")
    }
  }

  private func unexplained(_ attachment: Attachment) -> String {
    guard attachment.isBarred else { return "no agent tells why" }
    return "it was created with a limit or a mirror, and no agent has seen yet that this is gone"
  }

  private mutating func note(_ counters: Counters) {
    let refusals = counters.refusals.filter { $0.count > 0 }
      .map { "\($0.count) \($0.reason.rawValue)" }
    guard !refusals.isEmpty else { return }
    notes.append("refused on this node so far: " + refusals.joined(separator: ", "))
  }
}
