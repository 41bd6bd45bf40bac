import Datapath
import Testing

@Suite struct DomainTests {
  private func number(_ annotations: [String: String]) -> UInt32 {
    let keys = annotations.map { ("ovn.kubernetes.io/\($0.key)", $0.value) }
    return Domain.number(ofPodAnnotatedWith: Dictionary(uniqueKeysWithValues: keys))
  }

  @Test func podsOfOneVPCAreOfOneDomain() {
    let one = number(["logical_router": "vpc1", "logical_switch": "a"])
    #expect(one != Domain.unknown)
    #expect(number(["logical_router": "vpc1", "logical_switch": "b", "vlan_id": "7"]) == one)
    #expect(number(["logical_router": "vpc2", "logical_switch": "a"]) != one)
  }

  /// Where switches of a VLAN have no router, each is a domain.
  @Test func podsOfAnUnderlayAreOfTheirSwitchesDomain() {
    let one = ["provider_network": "net1", "vlan_id": "7", "logical_switch": "a"]
    let number = number(one)
    #expect(number != Domain.unknown)
    for key in one.keys {
      var other = one
      other[key] = "other"
      #expect(self.number(other) != number)
      other[key] = nil
      #expect(self.number(other) == Domain.unknown)
    }
  }

  @Test func whatIsNotAnnotatedIsUnknown() {
    #expect(number([:]) == Domain.unknown)
    #expect(number(["logical_router": ""]) == Domain.unknown)
    #expect(Domain.number(ofPodAnnotatedWith: ["logical_router": "vpc1"]) == Domain.unknown)
  }
}
