import Testing

@testable import Linux

@Suite struct ControlGroupTests {
  static let whole = MountTable.Mount(root: "/", target: "/sys/fs/cgroup", type: "cgroup2")
  static let part = MountTable.Mount(root: "/pods/a", target: "/mnt", type: "cgroup2")
  static let foreign = MountTable.Mount(root: "/../..", target: "/mnt", type: "cgroup2")

  @Test func pathIsBelowTheMount() {
    #expect(ControlGroup.directory(of: "/a/b", in: Self.whole) == "/sys/fs/cgroup/a/b")
    #expect(ControlGroup.directory(of: "/", in: Self.whole) == "/sys/fs/cgroup")
  }

  @Test func whatIsMountedIsTakenOffThePath() {
    #expect(ControlGroup.directory(of: "/pods/a/b", in: Self.part) == "/mnt/b")
    #expect(ControlGroup.directory(of: "/pods/a", in: Self.part) == "/mnt")
  }

  @Test(arguments: ["/", "/pods", "/pods/ab"])
  func pathOutsideTheMountHasNoDirectory(path: String) {
    #expect(ControlGroup.directory(of: path, in: Self.part) == nil)
  }

  @Test func mountSeenFromAnotherNamespaceShowsNothingOfOurs() {
    #expect(ControlGroup.directory(of: "/", in: Self.foreign) == nil)
    #expect(ControlGroup.directory(of: "/a", in: Self.foreign) == nil)
  }

  @Test func rootIsKnownByItsIdentifier() throws {
    let root = try ControlGroup.root()
    #expect(ControlGroup(identifier: try root.identifier()) == root)
  }
}
