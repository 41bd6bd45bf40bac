import TestSupport
import Testing

@testable import Linux

@Suite struct ClockTests {
  @Test func offsetOfATimeNamespaceIsRead() {
    #expect(
      monotonicOffset(in: "monotonic         -60         0\nboottime            0         0\n")
        == -60_000_000_000)
    #expect(monotonicOffset(in: "monotonic           1         5\n") == 1_000_000_005)
    #expect(monotonicOffset(in: "") == 0)
    let before = monotonicNanoseconds()
    #expect(kernelNanoseconds() >= before && kernelNanoseconds() <= monotonicNanoseconds())
  }

  /// It may be set at any time. An attachment and a line of a log tell when they were written; CHECK
  /// forgives a pod that looks older than the datapath. Nothing else knows of it.
  @Test func wallClockDecidesNothing() async throws {
    let pattern =
      "realtimeNanoseconds\\(\\)|modificationTime\\(|CLOCK_REALTIME\\b|ktime_get_(real|tai|clock)"
    let script = #"cd "$0" && grep -rlE "$1" Sources bpf"#
    let output = try await Command("bash", ["-c", script, Products.repository, pattern]).output()
    let users = output.split(separator: "\n").map(String.init)
    #expect(
      Set(users) == [
        "Sources/Datapath/Attachment.swift", "Sources/Datapath/Registry+Adopting.swift",
        "Sources/Datapath/Registry.swift", "Sources/Linux/Clock.swift",
        "Sources/Linux/Directory.swift", "Sources/Linux/FileStatus.swift",
        "Sources/Plugin/LiveNode.swift", "Sources/Plugin/Report.swift",
        "bpf/include/shortcut_abi.h",
      ])
  }
}
