import BPF
import TestSupport
import Testing

@testable import Datapath

@Suite(.needsKernel, .serialized) struct PausingTests {
  private func pod(_ addresses: [String], cookie: UInt64 = 100) -> Attachment {
    Attachment(netnsCookie: cookie, netnsPath: "/n", addresses: addresses.compactMap(Address.init))
  }

  private func key(_ container: String) throws -> AttachmentKey {
    try AttachmentKey(containerID: container, interfaceName: "eth0")
  }

  @Test func pausedPodKeepsItsEntriesAndMovesTheEpoch() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      var attachment = pod(["10.16.0.15", "127.0.0.1"])
      attachment.sockets = .all
      try registry.add(attachment, for: try key("c1"))
      let epochs = try BPFMap<UInt32, UInt64>(pinnedAt: pins.path(of: .epoch))
      let before = try epochs.value(for: 0)
      try registry.setPaused(true, for: try key("c1"))
      #expect(try registry.isPaused(attachment))
      #expect(try epochs.value(for: 0) != before)
      try registry.setPaused(false, for: try key("c1"))
      #expect(try !registry.isPaused(attachment))
      for address in attachment.addresses {
        #expect(try registry.allows(address, inNetns: 100))
      }
    }
  }

  @Test func pausingOnePodLeavesTheOthers() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      let (one, other) = (pod(["10.16.0.15"]), pod(["10.16.0.16"], cookie: 101))
      try registry.add(one, for: try key("c1"))
      try registry.add(other, for: try key("c2"))
      try registry.setPaused(true, for: try key("c1"))
      #expect(try registry.isPaused(one))
      #expect(try !registry.isPaused(other))
    }
  }

  @Test func pausingWhatIsGoneBringsNothingBack() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      let attachment = pod(["10.16.0.15"])
      try registry.add(attachment, for: try key("c1"))
      try registry.remove(try key("c1"))
      try registry.setPaused(true, for: try key("c1"))
      let address = try #require(attachment.addresses.first)
      #expect(try !registry.allows(address, inNetns: 100))
    }
  }
}
