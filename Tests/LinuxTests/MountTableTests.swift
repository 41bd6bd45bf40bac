import Linux
import Testing

@Suite struct MountTableTests {
  @Test func fieldsAreTakenInOrder() {
    let table = "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0\n"
    let mounts = MountTable.parse(table)
    #expect(mounts.map(\.target) == ["/sys/fs/cgroup/unified"])
    #expect(mounts.map(\.type) == ["cgroup2"])
  }

  @Test func escapedCharactersAreUndone() {
    let table = "none /mnt/a\\040b\\134c\\011d bpf rw 0 0"
    #expect(MountTable.parse(table).map(\.target) == ["/mnt/a b\\c\td"])
  }

  @Test func brokenEscapesStayAsTheyAre() {
    #expect(MountTable.parse("none /mnt/a\\9z bpf").map(\.target) == ["/mnt/a\\9z"])
  }

  @Test(arguments: ["", "\n\n", "cgroup2 /sys"])
  func shortLinesAreSkipped(table: String) {
    #expect(MountTable.parse(table).isEmpty)
  }

  @Test func thisMachineHasARootAndAProcMount() throws {
    let types = Set(try MountTable.own().map(\.type))
    #expect(types.contains("proc"))
  }
}
