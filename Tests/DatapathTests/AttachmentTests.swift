import CShortcut
import Glibc
import Testing

@testable import Datapath

@Suite struct AttachmentTests {
  private func attachment(addresses: [String] = ["10.0.0.1"]) -> Attachment {
    Attachment(
      netnsCookie: 7, netnsPath: "/var/run/netns/x", addresses: addresses.compactMap { Address($0) }
    )
  }

  @Test func everyFieldSurvivesTheLayout() throws {
    var attachment = attachment(addresses: ["10.0.0.1", "fd00::1", "127.0.0.1", "::1"])
    attachment.sockets = .all
    attachment.isDisabled = true
    attachment.isBarred = true
    attachment.cgroupID = 99
    attachment.cgroupPath = "/kubepods/burstable/pod1"
    attachment.podNamespace = "default"
    attachment.podName = "web-0"
    attachment.podUID = "0c1f"
    attachment.network = "kube-ovn"
    attachment.domain = 3
    attachment.created = 12345
    #expect(Attachment(try attachment.layout()) == attachment)
  }

  @Test func ninthAddressIsRefused() {
    let attachment = attachment(addresses: (1...9).map { "10.0.0.\($0)" })
    let error = #expect(throws: DatapathError.self) { try attachment.layout() }
    #expect(error?.code == E2BIG)
  }

  @Test func longTextIsRefusedNotCut() {
    var attachment = attachment()
    attachment.podName = String(repeating: "n", count: Int(SHORTCUT_NAME_SIZE))
    let error = #expect(throws: DatapathError.self) { try attachment.layout() }
    #expect(error?.code == ENAMETOOLONG)
  }

  @Test func longestKeysAreTakenAndLongerOnesRefused() throws {
    let longest = String(repeating: "c", count: 127)
    let key = try AttachmentKey(containerID: longest, interfaceName: "eth0123456789ab")
    #expect(AttachmentKey(key.layout) == key)
    #expect(throws: DatapathError.self) {
      try AttachmentKey(containerID: longest + "c", interfaceName: "eth0")
    }
    #expect(throws: DatapathError.self) {
      try AttachmentKey(containerID: "c", interfaceName: "eth0123456789abc")
    }
  }

  @Test func ownersOfDifferentKeysDiffer() throws {
    let one = try AttachmentKey(containerID: "c1", interfaceName: "eth0")
    let other = try AttachmentKey(containerID: "c1", interfaceName: "net1")
    #expect(one.owner != other.owner)
  }
}
