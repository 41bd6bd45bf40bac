import BPF
import CShortcut
import Dispatch
import Glibc
import TestSupport
import Testing

@testable import Datapath

@Suite(.needsKernel, .serialized) struct RegistryTests {
  private let address = Address("10.16.0.15")
  private let other = Address("10.16.0.16")

  private func attachment(_ addresses: [Address?], cookie: UInt64 = 100) -> Attachment {
    Attachment(netnsCookie: cookie, netnsPath: "/n", addresses: addresses.compactMap { $0 })
  }

  private func key(_ container: String, _ interface: String = "eth0") throws -> AttachmentKey {
    try AttachmentKey(containerID: container, interfaceName: interface)
  }

  private func allows(
    _ registry: borrowing Registry, _ address: Address?, _ cookie: UInt64 = 100
  ) throws -> Bool {
    try registry.allows(try #require(address), inNetns: cookie)
  }

  private func epoch(_ pins: PinDirectory) throws -> UInt64? {
    try BPFMap<UInt32, UInt64>(pinnedAt: pins.path(of: .epoch)).value(for: 0)
  }

  @Test func addedAddressesAreAllowedInTheirNamespaceAlone() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      try registry.add(attachment([address, .loopback4]), for: try key("c1"))
      #expect(try allows(registry, address))
      #expect(try allows(registry, .loopback4))
      #expect(try !allows(registry, address, 101))
      #expect(try !allows(registry, other))
    }
  }

  @Test func removedAttachmentLeavesNothing() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      try registry.add(attachment([address]), for: try key("c1"))
      let removed = try registry.remove(try key("c1"))
      #expect(removed?.addresses.map(\.description) == ["10.16.0.15"])
      #expect(try !allows(registry, address))
      #expect(try registry.all().isEmpty)
      #expect(try registry.remove(try key("c1")) == nil)
    }
  }

  @Test func disabledAttachmentIsListedAndAllowsNothing() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      var disabled = attachment([address])
      disabled.isDisabled = true
      try registry.add(disabled, for: try key("c1"))
      #expect(try !allows(registry, address))
      #expect(try registry.all().map(\.value.isDisabled) == [true])
    }
  }

  @Test func secondAddForgetsTheFirstOnesAddresses() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      try registry.add(attachment([address]), for: try key("c1"))
      try registry.add(attachment([other]), for: try key("c1"))
      #expect(try !allows(registry, address))
      #expect(try allows(registry, other))
    }
  }

  @Test func addressTakenOverByAnotherAttachmentStaysWithIt() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      try registry.add(attachment([address]), for: try key("old"))
      try registry.add(attachment([address]), for: try key("new"))
      try registry.remove(try key("old"))
      #expect(try allows(registry, address))
      try registry.remove(try key("new"))
      #expect(try !allows(registry, address))
    }
  }

  @Test(arguments: [false, true], ["eth0", "net1", "net2"])
  func loopbackStaysAsLongAsOneInterfaceOfThePod(isAdopted: Bool, last: String) throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      try registry.add(attachment([address, .loopback4]), for: try key("c1", "eth0"))
      for (name, address) in [("net1", other), ("net2", Address("10.16.0.17"))] {
        let attachment = attachment([address, .loopback4])
        guard isAdopted else {
          try registry.add(attachment, for: try key("c1", name))
          continue
        }
        #expect(try registry.adopt(attachment, for: try key("c1", name)))
      }
      for name in ["net1", "eth0", "net2"] where name != last {
        try registry.remove(try key("c1", name))
        #expect(try allows(registry, .loopback4))
      }
      let lasting = try #require(try registry.attachment(for: try key("c1", last)))
      #expect(try registry.entry(of: .loopback4, in: lasting, try key("c1", last)) == .intact)
      #expect(try allows(registry, other) == (last == "net1"))
      try registry.remove(try key("c1", last))
      #expect(try !allows(registry, .loopback4))
    }
  }

  /// Interfaces that go at once may each pass the loopback on to the other.
  @Test(arguments: [false, true])
  func loopbackOfInterfacesThatGoAtOnceIsTheLastOnes(oneStays: Bool) throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      let going = try (0..<4).map { try key("c1", "net\($0)") }
      let staying = try key("c1", "eth0")
      if oneStays { try registry.add(attachment([address, .loopback4]), for: staying) }
      for _ in 0..<500 {
        for key in going { try registry.add(attachment([other, .loopback4]), for: key) }
        DispatchQueue.concurrentPerform(iterations: going.count) { index in
          _ = try? Registry(pins).remove(going[index])
        }
        #expect(try allows(registry, .loopback4) == oneStays)
      }
      #expect(try registry.all().count == (oneStays ? 1 : 0))
    }
  }

  @Test func everyOneOfManyAttachmentsIsListed() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      #expect(try registry.all().isEmpty)
      for index in 0..<300 {
        let cookie = UInt64(index)
        try registry.add(attachment([address], cookie: cookie), for: try key("c\(index)"))
      }
      let all = try registry.all()
      #expect(all.count == 300)
      #expect(Set(all.map(\.value.netnsCookie)) == Set(0..<300))
      #expect(all.allSatisfy { $0.key.containerID == "c\($0.value.netnsCookie)" })
    }
  }

  @Test func onlyWhatForbidsMovesTheEpoch() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      let before = try epoch(pins)
      try registry.add(attachment([address]), for: try key("c1"))
      #expect(try epoch(pins) == before)
      try registry.remove(try key("c1"))
      #expect(try epoch(pins) != before)
    }
  }

  @Test func fullAllowlistRegistersNothing() throws {
    var limits = Limits()
    limits.pods = 1
    try withPinnedMaps(limits: limits) { pins in
      let registry = try Registry(pins)
      let many = (1...5).map { Address("10.0.0.\($0)") }
      let error = #expect(throws: DatapathError.self) {
        try registry.add(attachment(many), for: try key("c1"))
      }
      #expect(error?.code == E2BIG)
      #expect(try registry.all().isEmpty)
      #expect(try !allows(registry, many[0]))
    }
  }

  @Test func obstacleIsNamedBeforeItIsMet() throws {
    var limits = Limits()
    limits.pods = 1
    try withPinnedMaps(limits: limits) { pins in
      let registry = try Registry(pins)
      #expect(try registry.obstacle(to: attachment([address])) == nil)
      let many = (1...5).map { Address("10.0.0.\($0)") }
      #expect(try registry.obstacle(to: attachment(many))?.code == E2BIG)
      var long = attachment([address])
      long.podUID = String(repeating: "u", count: 64)
      #expect(try registry.obstacle(to: long)?.code == ENAMETOOLONG)
      try registry.add(attachment([address]), for: try key("c1"))
      #expect(try registry.obstacle(to: attachment([other]))?.code == E2BIG)
    }
  }

  @Test func attachmentAddedAndRemovedAtOnceIsThereWholeOrNotAtAll() throws {
    try withPinnedMaps { pins in
      let (key, attachment) = (try key("c1"), attachment([address, .loopback4]))
      for _ in 1...500 {
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
          guard let registry = try? Registry(pins) else { return }
          if worker % 2 == 0 {
            _ = try? registry.remove(key)
          } else {
            // That it was removed meanwhile is no failure.
            try? registry.add(attachment, for: key)
          }
        }
        let registry = try Registry(pins)
        let isThere = try registry.attachment(for: key) != nil
        #expect(try allows(registry, address) == isThere)
        #expect(try allows(registry, .loopback4) == isThere)
      }
    }
  }

  @Test func parallelAddsOfDifferentPodsAllArrive() throws {
    try withPinnedMaps { pins in
      DispatchQueue.concurrentPerform(iterations: 8) { worker in
        // What fails is missing from the count below.
        try? addPods(50, of: worker, to: pins)
      }
      let count = try Registry(pins).all().count
      #expect(count == 400)
    }
  }

  private func addPods(_ count: Int, of worker: Int, to pins: PinDirectory) throws {
    let registry = try Registry(pins)
    for pod in 0..<count {
      let attachment = attachment([Address("10.\(worker).0.\(pod)")], cookie: UInt64(worker))
      try registry.add(attachment, for: try key("c\(worker)-\(pod)"))
    }
  }

  @Test func pinOfAnotherLayoutIsRefused() throws {
    try withPinnedMaps { pins in
      let error = #expect(throws: BPFError.self) {
        _ = try BPFMap<UInt64, UInt64>(pinnedAt: pins.path(of: .allowlist)).capacity()
      }
      #expect(error?.code == EPROTO)
    }
  }

  @Test func registryWithoutADatapathNamesTheMissingPin() {
    let error = #expect(throws: DatapathError.self) {
      _ = try Registry(PinDirectory(path: "/sys/fs/bpf/no-such-root")).all()
    }
    #expect(error?.code == ENOENT)
    #expect(error?.subject == "/sys/fs/bpf/no-such-root/attachments")
  }
}
