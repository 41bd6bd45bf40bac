import Glibc
import Linux
import TestSupport
import Testing

@testable import Agent
@testable import Datapath

@Suite(.needsKernel, .serialized) struct KeeperTests {
  private let address = Address("10.16.0.2")
  private let web = PodInterface(
    name: "web_h",
    identifiers: [
      "pod_name": "web", "pod_namespace": "default", "iface-id": "web.default",
      "ip": "10.16.0.2",
    ])

  private func key(_ container: String = "c1") throws -> AttachmentKey {
    try AttachmentKey(containerID: container, interfaceName: "eth0")
  }

  /// What the plugin would have written of the pod.
  private func attachment(cookie: UInt64 = 100, netns: String = "/n/web") -> Attachment {
    var attachment = Attachment(
      netnsCookie: cookie, netnsPath: netns, addresses: [address].compactMap { $0 })
    (attachment.podNamespace, attachment.podName) = ("default", "web")
    return attachment
  }

  private func restricted() throws -> NodeView {
    let web = try #require(web)
    return NodeView(.current, pods: [web], restrictedPods: [(web, "qos linux-htb")])
  }

  @Test func restrictedPodIsHeldAndReleasedAndItsPauseStays() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      try keeper.registry.add(attachment(), for: try key())
      try keeper.registry.setPaused(true, for: try key())
      let events = try keeper.hold(try restricted())
      #expect(events.map(\.name) == ["hold"])
      #expect(keeper.held == ["default/web": "qos linux-htb"])
      #expect(try keeper.registry.suspensions(of: attachment()) == [.held, .paused])
      #expect(try keeper.hold(try restricted()).isEmpty)
      let released = try keeper.hold(NodeView(.current, pods: [try #require(web)]))
      #expect(released.map(\.name) == ["release"])
      #expect(try keeper.registry.suspensions(of: attachment()) == [.paused])
    }
  }

  /// Only who sees Open vSwitch, and the pod in it, knows that its limit is gone; after a while.
  @Test func podCreatedWithALimitIsReleasedWhenNothingOfItIsSeen() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      var barred = attachment()
      barred.isBarred = true
      try keeper.registry.add(barred, for: try key())
      let unlimited = NodeView(.current, pods: [try #require(web)])
      let late = 100 * Keeper.patience
      for view in [
        NodeView(.none), NodeView(.unwanted), NodeView(.remembered), NodeView(.current), unlimited,
      ] {
        _ = try keeper.hold(view, now: late)
        #expect(try keeper.registry.suspensions(of: barred) == [.held])
      }
      #expect(keeper.deadline(now: late) == late + Keeper.patience)
      _ = try keeper.hold(try restricted(), now: late + 1)
      _ = try keeper.hold(unlimited, now: late + Keeper.patience)
      #expect(try keeper.registry.suspensions(of: barred) == [.held])
      _ = try keeper.hold(unlimited, now: late + 2 * Keeper.patience)
      #expect(try keeper.registry.suspensions(of: barred) == [])
      #expect(try keeper.registry.entry(of: try #require(address), in: barred, key()) == .intact)
      _ = try keeper.hold(try restricted(), now: late + 2 * Keeper.patience)
      #expect(try keeper.registry.suspensions(of: barred) == [.held])
    }
  }

  @Test func adoptedPodThatIsShapedIsHeldFromTheFirstMoment() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      try withNamespace { path, cookie in
        let pod = try pod(in: path)
        let view = NodeView(.current, pods: [pod], restrictedPods: [(pod, "qos linux-htb")])
        #expect(try keeper.adopt(view, as: .all).count == 1)
        let adopted = try #require(try keeper.registered().first?.value)
        #expect(try keeper.registry.suspensions(of: adopted) == [.held])
      }
    }
  }

  @Test func podsThatStayUnregisteredAreStrangersSinceTheyWereSeen() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      let view = NodeView(.current, pods: [try #require(web)])
      try keeper.noteStrangers(view, now: 5)
      try keeper.noteStrangers(NodeView(.remembered), now: 6)
      try keeper.noteStrangers(view, now: 7)
      #expect(keeper.strangers(of: view, since: 4).pods.isEmpty)
      #expect(keeper.strangers(of: view, since: 5).pods.count == 1)
      try keeper.registry.add(attachment(), for: try key())
      try keeper.noteStrangers(view, now: 8)
      #expect(keeper.strangers(of: view, since: 9).pods.isEmpty)
      try keeper.registry.remove(try key())
      try keeper.noteStrangers(view, now: 10)
      #expect(keeper.strangers(of: view, since: 9).pods.isEmpty)
    }
  }

  /// The plugin writes entries anew without knowing of holds.
  @Test func podThatIsRegisteredAnewIsHeldAgain() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      try keeper.registry.add(attachment(), for: try key())
      _ = try keeper.hold(try restricted())
      try keeper.registry.add(attachment(), for: try key())
      _ = try keeper.hold(try restricted())
      #expect(try keeper.registry.suspensions(of: attachment()) == [.held])
    }
  }

  @Test func holdsOfAFormerRunStayUntilItIsKnownWhy() throws {
    try withPinnedMaps { pins in
      try Registry(pins).add(attachment(), for: try key())
      _ = try Keeper(pins).hold(try restricted())
      let keeper = try Keeper(pins)
      _ = try keeper.hold(NodeView(.none))
      #expect(try keeper.registry.suspensions(of: attachment()) == [.held])
      _ = try keeper.hold(NodeView(.unwanted))
      #expect(try keeper.registry.suspensions(of: attachment()) == [])
    }
  }

  @Test func mirrorOfEverythingHoldsTheNode() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      _ = try keeper.hold(NodeView(.current, nodeRestriction: "mirror m0"))
      #expect(try NodeSwitch(pins).suspensions() == [.held])
      #expect(keeper.nodeReason == "mirror m0")
      _ = try keeper.hold(NodeView(.current))
      #expect(try NodeSwitch(pins).suspensions() == [])
    }
  }

  @Test func olderPodIsAdoptedUntilThePluginRegistersIt() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      try withNamespace { path, cookie in
        let view = NodeView(.current, pods: [try pod(in: path)])
        #expect(try keeper.adopt(view, as: .nonblocking).map(\.name) == ["adopt"])
        #expect(try keeper.registry.allows(try #require(address), inNetns: cookie))
        var written = attachment(cookie: cookie, netns: path)
        written.sockets = .all
        try keeper.registry.add(written, for: try key())
        #expect(try keeper.drop(view).map(\.name) == ["drop"])
        let entry = try keeper.registry.entry(
          of: try #require(address), in: written, try key())
        #expect(entry == .intact)
        #expect(try keeper.registered().map(\.key) == [try key()])
      }
    }
  }

  /// What the plugin knew of the pod's annotation must not be undone.
  @Test(arguments: [false, true])
  func whatThePluginWroteIsNeverAdopted(isDisabled: Bool) throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      try withNamespace { path, cookie in
        var written = attachment(cookie: cookie, netns: path)
        written.isDisabled = isDisabled
        try keeper.registry.add(written, for: try key())
        let view = NodeView(.current, pods: [try pod(in: path)])
        #expect(try keeper.adopt(view, as: .all).isEmpty)
        #expect(try keeper.registered().map(\.key) == [try key()])
        #expect(
          try keeper.registry.allows(try #require(address), inNetns: cookie) == !isDisabled)
      }
    }
  }

  @Test func guessNeverOverwritesAnEntryOfThePlugin() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      var written = attachment()
      written.sockets = .all
      try registry.add(written, for: try key())
      let guess = try AttachmentKey(adopting: "web_h")
      #expect(try registry.adopt(attachment(), for: guess))
      let address = try #require(address)
      #expect(try registry.entry(of: address, in: written, try key()) == .intact)
      try registry.remove(guess)
      #expect(try registry.entry(of: address, in: written, try key()) == .intact)
    }
  }

  @Test func nothingIsAdoptedWhereTheOperatorDoesNotWantIt() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      try withNamespace { path, _ in
        let view = NodeView(.current, pods: [try pod(in: path)])
        #expect(try keeper.adopt(view, as: .off).isEmpty)
        #expect(try keeper.registered().isEmpty)
      }
    }
  }

  @Test func adoptedPodWhoseInterfaceIsGoneIsForgotten() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      try withNamespace { path, _ in
        _ = try keeper.adopt(NodeView(.current, pods: [try pod(in: path)]), as: .all)
        #expect(try keeper.drop(NodeView(.remembered)).isEmpty)
        #expect(try keeper.drop(NodeView(.current)).count == 1)
        #expect(try keeper.registered().isEmpty)
      }
    }
  }

  /// The plugin's word is only overruled when nobody else knows of the pod.
  @Test func entryIsDroppedOnlyWhenBothNamespaceAndInterfaceAreGone() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      let gone = attachment(netns: "/tmp/shortcut-no-such-namespace")
      try keeper.registry.add(gone, for: try key())
      let web = try #require(web)
      for view in [
        NodeView(.none), NodeView(.remembered), NodeView(.current, pods: [web]),
      ] {
        #expect(try keeper.drop(view).isEmpty)
      }
      #expect(try keeper.drop(NodeView(.current)).count == 1)
      #expect(try keeper.registered().isEmpty)
    }
  }

  @Test func entryWhoseNamespacesAreOutOfSightStays() throws {
    try withPinnedMaps { pins in
      let keeper = try Keeper(pins)
      let unseen = attachment(netns: "/no/such/directory/web")
      try keeper.registry.add(unseen, for: try key())
      #expect(try keeper.drop(NodeView(.unwanted)).isEmpty)
      #expect(try keeper.drop(NodeView(.current)).isEmpty)
    }
  }

  private func pod(in path: String) throws -> PodInterface {
    var pod = try #require(web)
    pod.netnsPath = path
    return pod
  }

  /// A network namespace that is not the test's own, by a process that waits in it.
  private func withNamespace(_ body: (String, UInt64) throws -> Void) throws {
    let script = "echo $$; exec cat"
    let child = try ChildProcess(
      ["unshare", "--net", "sh", "-c", script], input: .lifeline)
    let path = "/proc/\(try child.readLine())/ns/net"
    try body(path, try NetworkNamespace(path: path).cookie())
  }
}
