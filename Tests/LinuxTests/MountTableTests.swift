import Linux
import Testing

@Suite struct MountTableTests {
  @Test func fieldsAreTakenInOrder() {
    let table = "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 none rw\n"
    let mounts = MountTable.parse(table)
    #expect(mounts.map(\.root) == ["/"])
    #expect(mounts.map(\.target) == ["/sys/fs/cgroup/unified"])
    #expect(mounts.map(\.type) == ["cgroup2"])
  }

  @Test func optionalFieldsArePassedOver() {
    let table = "9 8 0:2 /part /mnt rw shared:7 master:3 - tmpfs - rw"
    let mounts = MountTable.parse(table)
    #expect(mounts.map(\.root) == ["/part"])
    #expect(mounts.map(\.type) == ["tmpfs"])
  }

  @Test func escapedCharactersAreUndone() {
    let table = "9 8 0:2 / /mnt/a\\040b\\134c\\011d rw - bpf none rw"
    #expect(MountTable.parse(table).map(\.target) == ["/mnt/a b\\c\td"])
  }

  @Test func brokenEscapesStayAsTheyAre() {
    let table = "9 8 0:2 / /mnt/a\\9z rw - bpf"
    #expect(MountTable.parse(table).map(\.target) == ["/mnt/a\\9z"])
  }

  @Test(arguments: ["", "\n\n", "9 8 0:2 / /sys rw", "9 8 0:2 / /sys rw -"])
  func shortLinesAreSkipped(table: String) {
    #expect(MountTable.parse(table).isEmpty)
  }

  @Test func thisMachineHasARootAndAProcMount() throws {
    let types = Set(try MountTable.own().map(\.type))
    #expect(types.contains("proc"))
  }
}
