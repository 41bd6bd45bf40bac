import Linux
import Programs
import TestSupport
import Testing

@testable import Datapath

/// In processes of their own: the self-test moves its process to a cgroup of its own and back.
@Suite(.needsKernel, .serialized) struct SelfTestTests {
  @Test func passesWithPeersReadByLoad() async {
    await #expect(processExitsWith: .success) {
      let facts = try SelfTest(image: .shortcut, limits: Limits(), access: .cast)
        .run(below: try ControlGroup.root())
      #expect(facts.isReceiveQueueAccounted)
    }
  }

  /// What kernels before 6.2 get.
  @Test func passesWithPeersReadByHelper() async {
    await #expect(processExitsWith: .success) {
      let facts = try SelfTest(image: .shortcut, limits: Limits(), access: .probe)
        .run(below: try ControlGroup.root())
      #expect(facts.isReceiveQueueAccounted)
    }
  }
}
