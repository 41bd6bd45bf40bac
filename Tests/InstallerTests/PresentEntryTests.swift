import JSON
import Testing

@testable import Installer

/// What happens to an entry of ours that is there already.
struct PresentEntryTests {
  private static let current = """
    {"type":"shortcut-cni","capabilities":{"io.kubernetes.cri.pod-annotations":true,"cgroupPath":true}}
    """

  private func text(_ plugins: String...) -> String {
    #"{"name":"a","cniVersion":"1.0.0","plugins":[\#(plugins.joined(separator: ","))]}"#
  }

  @Test func olderFormIsRenewedWhereItIs() throws {
    let old = text(#"{"type":"a"}"#, #"{"type":"shortcut-cni"}"#, #"{"type":"z"}"#)
    #expect(try added(to: old) == text(#"{"type":"a"}"#, Self.current, #"{"type":"z"}"#))
  }

  @Test func settingsOfTheOperatorStay() throws {
    let own = """
      {"enabled":false,"type":"shortcut-cni","x":1.50,"capabilities":{"mac":true,"cgroupPath":false}}
      """
    let renewed = """
      {"enabled":false,"type":"shortcut-cni","x":1.50,\
      "capabilities":{"mac":true,"cgroupPath":true,"io.kubernetes.cri.pod-annotations":true}}
      """
    let after = try added(to: text(#"{"type":"a"}"#, own))
    #expect(after == text(#"{"type":"a"}"#, renewed))
    #expect(try added(to: after) == after)
  }

  @Test func settingsThatAreGivenReplaceThoseThatAreThere() throws {
    let entry = Entry(settings: [("sockets", "all"), ("bpffsRoot", "/sys/fs/bpf/x")])
    let once = try list(text(#"{"type":"a"}"#, Self.current)).adding(entry)
    let after = try list(String(decoding: once, as: UTF8.self))
    #expect(
      after.plugins[1].members?.map(\.key) == ["type", "capabilities", "sockets", "bpffsRoot"])
    #expect(after.adding(Entry(settings: [("sockets", "all")])) == once)
    let changed = try list(
      String(decoding: after.adding(Entry(settings: [("sockets", "nonblocking")])), as: UTF8.self))
    #expect(changed.plugins[1].value?["sockets"] == "nonblocking")
  }

  @Test func oneIsEnough() throws {
    let many = text(Self.current, #"{"type":"a"}"#, Self.current, #"{"type":"z"}"#, Self.current)
    #expect(try added(to: many) == text(#"{"type":"a"}"#, Self.current, #"{"type":"z"}"#))
    #expect(
      try String(decoding: list(many).removingEntries(), as: UTF8.self)
        == text(#"{"type":"a"}"#, #"{"type":"z"}"#))
  }

  @Test func entryThatNothingComesBeforeMoves() throws {
    let first = text(Self.current, Self.current, #"{"type":"a"}"#)
    #expect(try added(to: first) == text(#"{"type":"a"}"#, Self.current))
  }

  @Test func typeIsFoundInAnyCaseAndEscaped() throws {
    let own = #"{"Type":"shortcut\u002dcni","capabilities":{}}"#
    let after = try list(added(to: text(#"{"type":"a"}"#, own)))
    #expect(after.plugins.count == 2)
    let before = text(#"{"type":"a"}"#)
    #expect(try list(text(#"{"type":"a"}"#, own)).removingEntries() == Array(before.utf8))
  }

  @Test func listOfOursAloneIsLeftAlone() throws {
    let alone = text(Self.current)
    #expect(try added(to: alone) == alone)
    #expect(try list(alone).removingEntries() == Array(alone.utf8))
  }
}
