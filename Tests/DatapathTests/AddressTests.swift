import Datapath
import Testing

@Suite struct AddressTests {
  @Test(arguments: ["10.16.0.15", "0.0.0.0", "255.255.255.255", "fd00:10:16::f", "::1", "::"])
  func textComesBack(text: String) {
    #expect(Address(text)?.description == text)
  }

  @Test func mappedAddressIsItsIPv4Address() {
    #expect(Address("::ffff:10.0.0.1") == Address("10.0.0.1"))
  }

  @Test(arguments: ["", "10.0.0", "10.0.0.256", "10.0.0.1/24", "fd00::g", "eth0", " 10.0.0.1"])
  func otherTextIsNoAddress(text: String) {
    #expect(Address(text) == nil)
  }

  @Test func loopbacksAreKnown() {
    #expect(Address("127.0.0.6")?.isLoopback == true)
    #expect(Address("::1") == .loopback6)
    #expect(Address("10.0.0.1")?.isLoopback == false)
    #expect(Address("127::1")?.isLoopback == false)
  }
}
