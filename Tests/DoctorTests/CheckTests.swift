import JSON
import Linux
import Testing

@testable import Datapath
@testable import Doctor

/// What a kernel or a node may lack that this one has: each check is made to fail once.
@Suite struct CheckTests {
  private func verdicts(_ check: some Check) -> [Finding.Verdict] {
    check.findings().map(\.verdict)
  }

  @Test func missingRequiredFeatureFailsAndAnOptionalOneWarns() {
    var check = KernelCheck(features: [])
    #expect(check.findings().first?.verdict == .ok)
    check.features = [KernelFeature(name: "sockhash", isRequired: true, isPresent: false)]
    #expect(check.findings().first?.verdict == .fail)
    #expect(check.findings().first?.text.contains("sockhash") == true)
    check.features = [KernelFeature(name: "iterator", isRequired: false, isPresent: false)]
    #expect(check.findings().first?.verdict == .warn)
  }

  @Test func interpretedProgramsAreWarnedOf() async throws {
    try await withDirectory { directory in
      try write("0\n", to: "\(directory)/jit")
      let check = KernelCheck(features: [], jit: "\(directory)/jit")
      #expect(check.findings().contains { $0.verdict == .warn && $0.subject == "jit" })
      try write("1\n", to: "\(directory)/jit")
      #expect(!check.findings().contains { $0.subject == "jit" })
    }
  }

  @Test func lockdownThatHidesKernelMemoryFails() async throws {
    try await withDirectory { directory in
      let check = SecurityCheck(directory: directory)
      #expect(verdicts(check) == [.warn])
      try write("capability,selinux,bpf\n", to: "\(directory)/lsm")
      #expect(verdicts(check) == [.ok, .ok])
      #expect(check.findings().last?.text.contains("SELinux") == true)
      try write("none [integrity] confidentiality\n", to: "\(directory)/lockdown")
      #expect(verdicts(check) == [.ok, .ok])
      try write("none integrity [confidentiality]\n", to: "\(directory)/lockdown")
      #expect(verdicts(check) == [.fail, .ok])
    }
  }

  @Test func smallReceiveBuffersAreWarnedOf() async throws {
    try await withDirectory { directory in
      try write("212992\n", to: "\(directory)/rmem_max")
      var check = BufferCheck(path: "\(directory)/rmem_max")
      #expect(verdicts(check) == [.warn])
      check.wanted = 212_992
      #expect(verdicts(check) == [.ok])
    }
  }

  @Test func databaseThatIsNotThereFails() {
    let check = OpenVSwitchCheck(database: "/no/such/socket", bridge: "br-int")
    #expect(verdicts(check) == [.fail])
    #expect(check.findings().first?.text.contains("/no/such/socket") == true)
    #expect(verdicts(OpenVSwitchCheck(database: nil, bridge: "br-int")).isEmpty)
  }

  @Test func findingsAreReadByPeopleAndMachines() {
    let finding = Finding(.fail, "plugin", "is not there", "install it")
    #expect(finding.lines == ["fail  plugin      is not there", "      -> install it"])
    #expect(finding.document["advice"] == "install it")
    #expect(Finding(.ok, "plugin", "is there").document["advice"] == JSONValue.null)
  }
}

private func withDirectory(_ body: (String) throws -> Void) async throws {
  let directory = "/tmp/shortcut-doctor-\(UInt64.random(in: 0...UInt64.max))"
  try makeDirectory(directory)
  defer {
    for name in (try? names(in: directory)) ?? [] { _ = try? removeFile("\(directory)/\(name)") }
    try? removeDirectory(directory)
  }
  try body(directory)
}

private func write(_ text: String, to path: String) throws {
  _ = try removeFile(path)
  try appendLine(text, to: path)
}
