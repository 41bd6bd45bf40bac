import TestSupport
import Testing

/// Pods made by a CNI network list, real traffic between them, the built programs: one test at a
/// time, each on a road of its own.
@Suite(.serialized, .needsRoads, .timeLimit(.minutes(5)))
enum EndToEnd {}
