import BPF
import TestSupport
import Testing

@testable import Datapath

@Suite(.needsKernel, .serialized) struct SuspendingTests {
  private let attachment = Attachment(
    netnsCookie: 100, netnsPath: "/n", addresses: ["10.16.0.15", "::1"].compactMap(Address.init))

  private func key() throws -> AttachmentKey {
    try AttachmentKey(containerID: "c1", interfaceName: "eth0")
  }

  @Test func userAndAgentDoNotUndoEachOther() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      let key = try key()
      try registry.add(attachment, for: key)
      #expect(try registry.set(.held, to: true, for: [key]))
      try registry.setPaused(true, for: key)
      try registry.setPaused(false, for: key)
      #expect(try registry.suspensions(of: attachment) == [.held])
      try registry.setPaused(true, for: key)
      #expect(try registry.set(.held, to: false, for: [key]))
      #expect(try registry.suspensions(of: attachment) == [.paused])
    }
  }

  @Test func suspendedEntryIsIntact() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      let key = try key()
      try registry.add(attachment, for: key)
      try registry.set(.held, to: true, for: [key])
      for address in attachment.addresses {
        #expect(try registry.entry(of: address, in: attachment, key) == .intact)
      }
    }
  }

  /// A change of the epoch costs each live connection a message over the stack.
  @Test func epochMovesOnlyWhenSomethingChanges() throws {
    try withPinnedMaps { pins in
      let registry = try Registry(pins)
      let key = try key()
      try registry.add(attachment, for: key)
      try registry.set(.held, to: true, for: [key])
      let epochs = try BPFMap<UInt32, UInt64>(pinnedAt: pins.path(of: .epoch))
      let before = try epochs.value(for: 0)
      #expect(try !registry.set(.held, to: true, for: [key]))
      #expect(try epochs.value(for: 0) == before)
      try registry.revalidate()
      #expect(try epochs.value(for: 0) != before)
    }
  }

  @Test func nodeIsSuspendedByTwoWhoDoNotUndoEachOther() throws {
    try withPinnedMaps { pins in
      let node = try NodeSwitch(pins)
      #expect(try node.suspensions() == [])
      #expect(try node.set(.paused, to: true))
      #expect(try node.set(.held, to: true))
      #expect(try !node.set(.held, to: true))
      #expect(try node.set(.paused, to: false))
      #expect(try node.suspensions() == [.held])
    }
  }

  @Test func kernelTLSIsNotedBesideASuspension() throws {
    try withPinnedMaps { pins in
      let node = try NodeSwitch(pins)
      try node.note(kernelTLS: false)
      #expect(try node.set(.held, to: true))
      #expect(try node.note(kernelTLS: true))
      #expect(try !node.note(kernelTLS: true))
      #expect(try node.suspensions() == [.held])
      #expect(try LoadedSettings(pins).keepsTLSPlain)
      #expect(try node.note(kernelTLS: false))
      #expect(try !LoadedSettings(pins).keepsTLSPlain)
    }
  }

  @Test(arguments: [
    ("mptcp tls\n", true), ("tls", true), ("mptcp espintcp\n", false), ("", false),
    ("notls tls13\n", false),
  ])
  func kernelTLSIsAWordOfItsOwn(layers: String, isPresent: Bool) {
    #expect(KernelTLS.isPresent(in: layers) == isPresent)
  }
}
