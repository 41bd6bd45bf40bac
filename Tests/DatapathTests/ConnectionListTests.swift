import CShortcut
import Testing

@testable import Datapath

@Suite struct ConnectionListTests {
  private static let second: UInt64 = 1_000_000_000

  private func end(_ cookie: UInt64, netns: UInt64, _ address: String) throws -> shortcut_end {
    var end = shortcut_end()
    (end.socket_cookie, end.netns_cookie) = (cookie, netns)
    end.address = try #require(Address(address)).layout
    return end
  }

  /// Client 11 in namespace 1, server 22 in namespace 2.
  private func pair() throws -> (client: shortcut_connection, server: shortcut_connection) {
    var (client, server) = (shortcut_connection(), shortcut_connection())
    client.own = try end(11, netns: 1, "10.0.0.1")
    server.own = try end(22, netns: 2, "10.0.0.2")
    (client.peer, server.peer) = (server.own, client.own)
    client.remote = try #require(Address("10.96.0.1")).layout
    (client.local_port, client.remote_port) = (40000, 80)
    (server.local_port, server.remote_port) = (8080, 40000)
    (client.client_cookie, server.client_cookie) = (11, 11)
    (client.created, server.created) = (5 * Self.second, 6 * Self.second)
    (client.state, server.state) = (1, 1)
    return (client, server)
  }

  private func names() throws -> PodNames {
    var web = Attachment(
      netnsCookie: 2, netnsPath: "/run/netns/web", addresses: [try #require(Address("10.0.0.2"))])
    (web.podNamespace, web.podName) = ("default", "web")
    return PodNames([web])
  }

  private func list(_ records: [shortcut_connection]) throws -> ConnectionList {
    ConnectionList(records, names: try names(), now: 9 * Self.second)
  }

  @Test func bothEndsMakeOneConnection() throws {
    var (client, server) = try pair()
    client.path = SHORTCUT_PATH_SHORTCUT.rawValue
    (client.shortcut_bytes, client.shortcut_messages) = (100, 2)
    client.acknowledged = 41
    server.last_leave = SHORTCUT_LEAVE_QUEUE.rawValue
    (server.stack_bytes, server.stack_messages) = (7, 1)
    // Told twice: it is still one.
    let connections = try list([server, client, server]).connections
    let connection = try #require(connections.first)
    #expect(connections.count == 1)
    #expect(connection.identifier == 11)
    #expect(connection.client.endpoint == "10.0.0.1:40000")
    #expect(connection.client.pod.isEmpty)
    #expect(connection.server.pod == "default/web")
    #expect(connection.server.port == 8080)
    #expect(connection.destination == "10.96.0.1:80")
    #expect(connection.age == 4 * Self.second)
    #expect(connection.toServer.state == .shortcut)
    #expect(connection.toServer.shortcutBytes == 100)
    // Without the SYN; the server had none.
    #expect(connection.toServer.stackBytes == 40)
    #expect(connection.toClient.stackBytes == 7)
    #expect(connection.toServer.lastLeave == nil)
    #expect(connection.toClient.state == .stack)
    #expect(connection.toClient.lastLeave == .queue)
    #expect(connection.standing == .shortcut)
  }

  @Test func whoEvictsItselfBarsItsPeersDirection() throws {
    var (client, server) = try pair()
    client.role = SHORTCUT_ROLE_EVICTED.rawValue
    let one = try #require(try list([client, server]).connections.first)
    #expect(one.toServer.state == .evicted)
    #expect(one.toClient.state == .barred)
    #expect(one.standing == .evicted)
    // A peer that was taken out may not know it yet.
    (client.role, server.gate) = (SHORTCUT_ROLE_MEMBER.rawValue, SHORTCUT_GATE_BARRED.rawValue)
    let other = try #require(try list([client, server]).connections.first)
    #expect(other.toServer.state == .evicted)
    #expect(other.toClient.state == .barred)
  }

  @Test func clientThatWaitsForItsPeerIsNoConnection() throws {
    var (client, server) = try pair()
    client.peer = shortcut_end()
    #expect(try list([client]).connections.isEmpty)
    #expect(try list([client, server]).connections.count == 1)
    // Its server's socket is gone: what was recorded of it remains.
    client.peer = server.own
    let half = try #require(try list([client]).connections.first)
    #expect(half.server.pod == "default/web")
    #expect(half.toClient.state == .closed)
    (client.state, server.state) = (7, 7)
    #expect(try list([client, server]).connections.isEmpty)
  }

  @Test func plainSocketsAreCountedByWhy() throws {
    var records = [shortcut_connection](repeating: shortcut_connection(), count: 3)
    records[0].role = SHORTCUT_ROLE_LEARNER.rawValue
    records[1].role = SHORTCUT_ROLE_CONNECTOR.rawValue
    records[2].role = SHORTCUT_ROLE_SPLICED.rawValue
    let list = try list(records)
    #expect(list.connections.isEmpty)
    #expect(list.plain == [.learning: 2, .splicer: 1])
  }

  @Test func namesOfLeavesHaveTheirNumbers() {
    #expect(LeaveReason(index: SHORTCUT_LEAVE_NONE.rawValue) == nil)
    #expect(LeaveReason(index: SHORTCUT_LEAVE_QUEUE.rawValue) == .queue)
    #expect(LeaveReason(index: SHORTCUT_LEAVE_BARRED.rawValue) == .barred)
    #expect(LeaveReason(index: SHORTCUT_LEAVES.rawValue) == nil)
  }
}
