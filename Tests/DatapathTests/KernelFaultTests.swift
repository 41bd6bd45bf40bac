import Datapath
import Testing

@Suite struct KernelFaultTests {
  @Test(arguments: [
    ("Linux version 6.12.9 (x@y) (gcc) #1 SMP", "6.12.9"),
    (
      "Linux version 6.1.0-50-cloud-amd64 (a@b) (gcc-12 (Debian 12.2.0-14) 12.2.0) "
        + "#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-01)", "6.1.176"
    ),
    ("Linux version 6.12.43+deb13-amd64 (a@b) (gcc) #1 SMP Debian 6.12.43-1 (2025)", "6.12.43"),
    ("Linux version 6.1.112+ (builder@cos) (clang) #1 SMP", "6.1.112"),
    ("Linux version 7.0 (a@b) (gcc) #1 SMP", "7.0"),
  ])
  func releaseIsTheUpstreamOne(version: String, release: String) {
    #expect(KernelVersion(version: version)?.description == release)
  }

  @Test func signatureOfUbuntuTellsTheUpstreamRelease() {
    let version = "Linux version 5.15.0-204-generic (buildd@x) (gcc) #214-Ubuntu SMP"
    let signature = "Ubuntu 5.15.0-204.214-generic 5.15.189\n"
    #expect(KernelVersion(version: version, signature: signature) == KernelVersion(5, 15, 189))
  }

  /// They mend an old release without counting.
  @Test(arguments: ["5.14.0-503.el9.x86_64", "6.4.0-150600.21-default", "unknown"])
  func releaseThatSaysNothingHasNoKnownFaults(release: String) {
    let version = KernelVersion(version: "Linux version \(release) (a@b) (gcc) #1 SMP")
    #expect(version == nil)
    #expect(KernelFault.known(in: version).isEmpty)
  }

  @Test func runningKernelSaysWhichItIs() {
    #expect(KernelVersion.running != nil)
  }

  @Test(arguments: [
    (KernelVersion(5, 15, 2), 8), (KernelVersion(5, 15, 3), 7), (KernelVersion(5, 15, 173), 1),
    (KernelVersion(5, 15, 174), 0), (KernelVersion(5, 17, 1), 7), (KernelVersion(6, 1, 12), 5),
    (KernelVersion(6, 1, 119), 1), (KernelVersion(6, 1, 176), 0), (KernelVersion(6, 8), 3),
    (KernelVersion(6, 12, 4), 1), (KernelVersion(6, 12, 5), 0), (KernelVersion(7, 3, 4), 0),
  ])
  func faultsEndWithTheReleaseThatMendsThem(version: KernelVersion, count: Int) {
    #expect(KernelFault.known(in: version).count == count)
  }

  @Test func onlyLostBytesAreRefused() {
    let refused = KernelFault.known(in: KernelVersion(5, 15, 2)).filter { $0.weight == .refused }
    #expect(refused.count == 1)
    #expect(KernelFault.known(in: KernelVersion(5, 15, 3)).allSatisfy { $0.weight == .warned })
  }

  @Test func messageNamesReasonAndRelease() throws {
    let version = KernelVersion(6, 12, 4)
    let fault = try #require(KernelFault.known(in: version).first)
    let message = fault.message(for: version)
    #expect(message.hasPrefix("kernel 6.12.4: memory of a message"))
    #expect(message.hasSuffix("(mended in 6.12.5)"))
  }

  @Test func fixesAreInOrderAndEndWithASeries() {
    for fault in KernelFault.all {
      #expect(fault.fixes == fault.fixes.sorted())
      #expect(fault.fixes.last?.patch == 0)
    }
  }
}
