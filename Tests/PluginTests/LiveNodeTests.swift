import CNI
import Datapath
import Glibc
import JSON
import Linux
import Plugin
import Programs
import Testing

/// On the kernel: each test in a process of its own, so that namespaces it enters are left with it.
@Suite(.enabled(if: geteuid() == 0, "needs root"), .serialized) struct LiveNodeTests {
  @Test func namespacesAreToldApart() async {
    await #expect(processExitsWith: .success) {
      let node = LiveNode()
      try NetworkNamespace.unshare()
      #expect(node.isOwnNamespace(NetworkNamespace.ownPath))
      for path in [outerNamespace, "/proc/self/ns/mnt", "/nonexistent", "/etc/hostname", ""] {
        #expect(!node.isOwnNamespace(path))
      }
    }
  }

  @Test func cookieIsReadAndTheCallerComesBack() async {
    await #expect(processExitsWith: .success) {
      let node = LiveNode()
      let outer = try node.namespaceCookie(of: outerNamespace)
      try NetworkNamespace.unshare()
      let own = try NetworkNamespace(path: NetworkNamespace.ownPath)
      #expect(try node.namespaceCookie(of: outerNamespace) == outer)
      let cookie = try own.cookie()
      #expect(NetworkNamespace.isOwn(path: NetworkNamespace.ownPath))
      #expect(try node.namespaceCookie(of: NetworkNamespace.ownPath) == cookie)
      #expect(cookie != outer)
    }
  }

  @Test func whatIsNoNamespaceIsRefusedAndNotMade() async {
    await #expect(processExitsWith: .success) {
      for path in ["/etc/hostname", "/nonexistent/netns", "/proc"] {
        #expect(throws: LinuxError.self) { try LiveNode().namespaceCookie(of: path) }
      }
      #expect(!exists("/nonexistent/netns"))
    }
  }

  @Test func controlGroupIsFoundBelowTheRoot() async {
    await #expect(processExitsWith: .success) {
      let name = "shortcut-plugin-\(getpid())"
      let group = try ControlGroup.root().child(named: name)
      defer { try? group.remove() }
      #expect(LiveNode().controlGroupID(of: "/\(name)") == (try group.identifier()))
      #expect(LiveNode().controlGroupID(of: name) == (try group.identifier()))
      #expect(LiveNode().controlGroupID(of: "/\(name)-absent") == nil)
    }
  }

  @Test func podsComeAndGoInTheKernelsMaps() async {
    await #expect(processExitsWith: .success) {
      try withDatapath(pods: 16) { pins in
        for version in ProtocolVersion.allCases {
          for addresses in AddTests.families {
            try expectLife(of: PodCall(version: version, addresses: addresses), in: pins)
          }
        }
      }
    }
  }

  @Test func fullMapLeavesNothingBehind() async {
    await #expect(processExitsWith: .success) {
      try withDatapath(pods: 1) { pins in
        var call = PodCall().live(in: pins)
        #expect(call.run(on: LiveNode()).diagnostics.isEmpty)
        call.variables["CNI_CONTAINERID"] = "second"
        let outcome = call.run(on: LiveNode())
        #expect(outcome.text == call.previousResult)
        #expect(outcome.diagnostics.first?.contains("larger --max-pods") == true)
        let registered = try Registry(pins).all()
        #expect(registered.map(\.key.containerID) == ["c0ffee"])
      }
    }
  }

  @Test func interfacesOfOnePodAreCheckedEachForItself() async {
    await #expect(processExitsWith: .success) {
      try withDatapath(pods: 16) { pins in
        let first = PodCall(version: .v100, addresses: ["10.0.0.2/24"]).live(in: pins)
        var second = PodCall(version: .v100, addresses: ["10.0.0.3/24"]).live(in: pins)
        second.variables["CNI_IFNAME"] = "net1"
        for call in [first, second] { #expect(call.run(on: LiveNode()).status == 0) }
        #expect(second.run(.delete, on: LiveNode()) == Outcome())
        #expect(first.run(.check, on: LiveNode()) == Outcome())
      }
    }
  }

  @Test func addressThatIsNoLongerAllowedFailsTheCheck() async {
    await #expect(processExitsWith: .success) {
      try withDatapath(pods: 16) { pins in
        let first = PodCall(version: .v100).live(in: pins)
        var usurper = first
        usurper.variables["CNI_IFNAME"] = "net1"
        for call in [first, usurper] { #expect(call.run(on: LiveNode()).status == 0) }
        #expect(usurper.run(.delete, on: LiveNode()) == Outcome())
        let error = try first.run(.check, on: LiveNode()).error
        #expect(error["code"] == 104)
        #expect(error["details"] == "not in the allowlist: 10.16.0.15; recreate the pod")
      }
    }
  }

  @Test func logIsAppendedTo() async {
    await #expect(processExitsWith: .success) {
      let path = "/tmp/shortcut-plugin-\(getpid()).log"
      defer { _ = try? removeFile(path) }
      LiveNode().log("one", to: path)
      LiveNode().log("two", to: path)
      LiveNode().log("lost", to: "/nonexistent/log")
      let text = try readText(path)
      #expect(text == "one\ntwo\n")
    }
  }
}

/// The namespace of the process that runs the tests: after `unshare` another one than the caller's.
private var outerNamespace: String {
  "/proc/\(getppid())/ns/net"
}

extension PodCall {
  /// Of a pod whose namespace exists, for a datapath that exists.
  fileprivate func live(in pins: PinDirectory) -> PodCall {
    var call = self
    call.settings.append(("bpffsRoot", .string(pins.path)))
    call.variables["CNI_NETNS"] = outerNamespace
    return call
  }
}

/// ADD, CHECK, ADD again, DEL and DEL again of one pod; the node's namespace plays the pod's.
private func expectLife(of call: PodCall, in pins: PinDirectory) throws {
  let node = LiveNode()
  var call = call.live(in: pins)
  call.settings.append(("failurePolicy", "closed"))
  let cookie = try node.namespaceCookie(of: outerNamespace)
  for _ in 1...2 {
    #expect(call.run(on: node) == Outcome(output: Array(call.previousResult.utf8)))
  }
  let registration = try #require(try node.registration(of: try call.key, in: pins))
  #expect(registration.missing.isEmpty)
  #expect(registration.attachment.netnsCookie == cookie)
  #expect(registration.attachment.addresses.count == call.addresses.count + 2)
  if call.version.rawValue >= "0.4.0" { #expect(call.run(.check, on: node) == Outcome()) }
  for _ in 1...2 { #expect(call.run(.delete, on: node) == Outcome()) }
  #expect(try Registry(pins).all().isEmpty)
  for address in registration.attachment.addresses {
    #expect(try !Registry(pins).allows(address, inNetns: cookie))
  }
}

/// Loads a datapath of its own on an empty cgroup, enters a new network namespace, and removes all.
private func withDatapath(pods: Int, _ body: (PinDirectory) throws -> Void) throws {
  let group = try ControlGroup.root().child(named: "shortcut-plugin-\(getpid())")
  defer { try? group.remove() }
  let pins = PinDirectory(path: "/sys/fs/bpf/shortcut-plugin-\(getpid())")
  let loader = Loader(image: .shortcut, pins: pins)
  var limits = Limits()
  limits.pods = pods
  limits.connections = 16
  _ = try loader.load(on: group, limits: limits)
  defer { _ = try? loader.unload() }
  try NetworkNamespace.unshare()
  try body(pins)
}
