import Datapath
import Testing

@testable import Agent

@Suite struct SandboxTests {
  /// A field of bytes.
  private func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(content.count)] + content
  }

  private func text(_ number: UInt8, _ content: String) -> [UInt8] {
    field(number, Array(content.utf8))
  }

  private func sandbox(_ annotations: [String: String], state: UInt8 = 0) -> [UInt8] {
    let metadata = text(1, "web") + text(2, "uid-1") + text(3, "default") + [4 << 3, 1]
    let entries = annotations.flatMap { field(6, text(1, $0.key) + text(2, $0.value)) }
    // created_at is a varint of nine bytes, as it is in nature.
    let created: [UInt8] = [4 << 3, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]
    let ready: [UInt8] = state == 0 ? [] : [3 << 3, state]
    return field(1, text(1, "abc") + field(2, metadata) + ready + created + entries)
  }

  @Test func podsAndTheirAnnotationsAreRead() {
    let message = sandbox(["a": "1", "b": ""]) + sandbox([:], state: 1)
    let pods = Sandbox.list(message)
    #expect(pods?.map(\.title) == ["default/web", "default/web"])
    #expect(pods?.first?.annotations == ["a": "1", "b": ""])
    #expect(pods?.first?.identifier == "uid-1")
    #expect(pods?.map(\.isReady) == [true, false])
    #expect(Sandbox.list([])?.isEmpty == true)
  }

  @Test func noPrefixOfAMessageIsMisread() {
    let message = sandbox(["a": "1"])
    for count in 1..<message.count {
      #expect(Sandbox.list(Array(message[..<count])) == nil)
    }
  }

  private let web = PodInterface(
    name: "h", identifiers: ["pod_name": "web", "pod_namespace": "default"])

  private func sockets(_ value: String?, _ adoption: Settings.Adoption) throws -> Attachment
    .Sockets?
  {
    let pod = Sandbox(
      namespace: "default", name: "web",
      annotations: value.map { ["ovn.kubernetes.io/tcp_shortcut": $0] } ?? [:])
    return Wishes([pod], Settings())
      .sockets(of: try #require(web), otherwise: adoption)
  }

  @Test func wishOfThePodCountsBeforeTheDefault() throws {
    #expect(try sockets(nil, .nonblocking) == .nonblocking)
    #expect(try sockets(nil, .all) == .all)
    #expect(try sockets(nil, .off) == nil)
    #expect(try sockets("true", .off) == .nonblocking)
    #expect(try sockets("true", .all) == .all)
    #expect(try sockets("all", .off) == .all)
    #expect(try sockets("false", .all) == nil)
    #expect(try sockets("perhaps", .all) == nil)
  }

  /// Of which nothing is to be seen in Open vSwitch.
  @Test(arguments: ["false", "true", "all"])
  func podThatAnotherPluginLimitsTakesNoPart(wish: String) throws {
    let key = "ovn.kubernetes.io/tcp_shortcut"
    var pod = Sandbox(namespace: "default", name: "web", annotations: [key: wish])
    pod.annotations["kubernetes.io/ingress-bandwidth"] = "10M"
    let web = try #require(web)
    #expect(Wishes([pod], Settings()).sockets(of: web, otherwise: .all) == nil)
    pod.annotations["kubernetes.io/ingress-bandwidth"] = "0"
    pod.annotations["ovn.kubernetes.io/ingress_rate"] = "10"
    let sockets = Wishes([pod], Settings()).sockets(of: web, otherwise: .all)
    #expect((sockets != nil) == (wish != "false"))
  }

  @Test func domainIsTheVPCsUnlessTheyMayCross() throws {
    let annotations = ["ovn.kubernetes.io/logical_router": "vpc1"]
    let pod = Sandbox(namespace: "default", name: "web", annotations: annotations)
    let web = try #require(web)
    let number = Domain.number(ofPodAnnotatedWith: annotations)
    #expect(Wishes([pod], Settings()).domain(of: web) == number)
    #expect(Wishes().domain(of: web) == Domain.unknown)
    var settings = Settings()
    settings.crossing = .allow
    #expect(Wishes([pod], settings).domain(of: web) == Domain.unknown)
  }

  @Test func wishOfAPodThatHasEndedDoesNotCount() throws {
    let pod = Sandbox(
      namespace: "default", name: "web", isReady: false,
      annotations: ["ovn.kubernetes.io/tcp_shortcut": "false"])
    let wishes = Wishes([pod], Settings())
    #expect(wishes.sockets(of: try #require(web), otherwise: .all) == .all)
  }
}
