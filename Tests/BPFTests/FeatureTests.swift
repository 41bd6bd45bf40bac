import BPF
import TestSupport
import Testing

@Suite(.needsKernel) struct FeatureTests {
  @Test(arguments: BPFFeature.allCases)
  func thisKernelHas(feature: BPFFeature) {
    #expect(feature.isPresent, "\(feature)")
  }

  @Test func missingPinNamesItsPath() {
    let error = #expect(throws: BPFError.self) {
      _ = try BPFMap<UInt32, UInt32>(pinnedAt: "/sys/fs/bpf/no-such-pin").capacity()
    }
    #expect(error?.operation == "bpf_obj_get")
    #expect(error?.subject == "/sys/fs/bpf/no-such-pin")
  }
}
