import BPF
import CNI
import CShortcut
import Datapath
import JSON
import Linux
import TestSupport
import Testing

/// The plugin itself on the kernel's maps, in situations that are nobody's fault.
@Suite(.needsKernel, .timeLimit(.minutes(5))) struct ExecutableTests {
  @Test(arguments: ProtocolVersion.allCases)
  func podIsAddedCheckedCollectedAndDeleted(_ version: ProtocolVersion) async throws {
    try await PodBed.with(pods: 1) { bed in
      let call = bed.call(0, version: version)
      try await call.expect(.add)
      #expect(try bed.allowed() == 3)
      if version.rawValue >= "0.4.0" { try await call.expect(.check) }
      if version.rawValue >= "1.1.0" {
        for verb in [CNI.Command.status, .garbageCollect] { try await call.expect(verb) }
        #expect(try bed.registered() == ["pod-0"])
      }
      for _ in 1...3 { try await call.expect(.delete) }
      #expect(try bed.allowed() == 0)
    }
  }

  @Test(arguments: ["", "/nonexistent", "/tmp", "/dev/zero", "FIFO", nil])
  func pathThatIsNoNamespaceHindersNobody(_ path: String?) async throws {
    try await PodBed.with(pods: 1) { bed in
      let fifo = "\(bed.directory)/fifo"
      try await Command("mkfifo", [fifo]).output()
      var call = bed.call(0)
      try await call.expect(.add)
      call.variables["CNI_NETNS"] = path == "FIFO" ? fifo : path
      if path?.isEmpty == false {
        for verb in [CNI.Command.add, .check] { try await call.expect(verb, lines: 1) }
      }
      try await call.expect(.delete)
      #expect(try bed.registered().isEmpty)
      #expect(try bed.allowed() == 0)
    }
  }

  @Test func deleteOfAnotherConfigurationDeletes() async throws {
    try await PodBed.with(pods: 1) { bed in
      try await bed.call(0).expect(.add)
      var other = bed.call(0, version: .v031)
      other.network = "other"
      other.previousResult = "null"
      other.annotations = .null
      other.settings += [("enabled", "perhaps"), ("failurePolicy", "closed"), ("sockets", 7)]
      other.variables["CNI_ARGS"] = "K8S_POD_NAME"
      try await other.expect(.delete)
      #expect(try bed.allowed() == 0)
    }
  }

  @Test func fullMapKeepsNoPodFromStarting() async throws {
    try await PodBed.with(pods: 1) { bed in
      try await bed.call(0).expect(.add)
      var second = bed.call(0)
      second.variables["CNI_CONTAINERID"] = "second"
      for verb in [CNI.Command.add, .check] { try await second.expect(verb, lines: 1) }
      try await second.expect(.delete)
      #expect(try bed.registered() == ["pod-0"])
      second.settings.append(("failurePolicy", "closed"))
      #expect(try await second.failure(.add)["code"] == 102)
    }
  }

  @Test func missingDatapathKeepsNoPodFromStarting() async throws {
    try await PodBed.with(pods: 1) { bed in
      for place in ["\(bed.directory)/bpf/absent", bed.directory, "/dev/null", "/proc/self"] {
        var call = bed.call(0)
        call.settings = [("bpffsRoot", .string(place))]
        for verb in [CNI.Command.add, .check] { try await call.expect(verb, lines: 1) }
        for verb in [CNI.Command.delete, .garbageCollect, .status] { try await call.expect(verb) }
        call.settings.append(("failurePolicy", "closed"))
        #expect(try await call.failure(.add)["code"] == 100)
      }
    }
  }

  @Test func checkTellsWhatIsGoneOrDiffers() async throws {
    try await PodBed.with(pods: 1) { bed in
      let call = bed.call(0)
      try await call.expect(.add)
      try bed.changeAllowlist { map, key, value in
        try map.update(key, to: .init(flags: 0, domain: 7, owner: value.owner))
      }
      #expect(
        try await call.failure(.check)["details"]
          == "in the allowlist, but not as registered: 10.16.0.1; recreate the pod")
      try bed.changeAllowlist { map, key, _ in try map.removeValue(for: key) }
      #expect(
        try await call.failure(.check)["details"]
          == "not in the allowlist: 10.16.0.1; recreate the pod")
      try await call.expect(.delete)
      #expect(
        try await call.failure(.check)["details"] == "nothing is registered; recreate the pod")
    }
  }

  @Test func podOlderThanTheDatapathPassesTheCheck() async throws {
    try await PodBed.with(pods: 1) { bed in
      let pins = PinDirectory(path: "\(bed.directory)/bpf/later")
      try bed.load(into: pins, pods: 1)
      var call = bed.call(0)
      call.settings = [("bpffsRoot", .string(pins.path))]
      try await call.expect(.check, lines: 1)
    }
  }

  @Test func collectionRemovesWhatHasNoNamespace() async throws {
    try await PodBed.with(pods: 2) { bed in
      for pod in 0...1 { try await bed.call(pod).expect(.add) }
      try await Command("umount", [bed.namespace(1)]).output()
      try await bed.call(0).expect(.garbageCollect)
      #expect(try bed.registered() == ["pod-0"])
      var call = bed.call(0)
      call.settings.append(("cni.dev/attachments", nil))
      try await call.expect(.garbageCollect)
      #expect(try bed.allowed() == 0)
    }
  }

  @Test func nothingIsWrittenToTheFileSystem() async throws {
    try await PodBed.with(pods: 1) { bed in
      let call = bed.call(0)
      for verb in [CNI.Command.add, .check, .delete] {
        let inner = call.command(verb)
        let script = """
          for path in /run /var /etc; do mount --bind "$path" "$path"
          mount -o remount,ro,bind "$path"; done; exec "$@"
          """
        let confined = Command(
          "unshare",
          ["--mount", "--propagation", "private", "bash", "-euc", script, "0", inner.program]
            + inner.arguments, environment: inner.environment)
        try call.expect(verb, try await confined.run())
        #expect(try bed.allowed() == (verb == .delete ? 0 : 3))
      }
    }
  }
}
