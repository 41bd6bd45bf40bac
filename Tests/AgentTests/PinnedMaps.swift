import Glibc
import Linux
import Programs

@testable import Datapath

/// The datapath's maps in a BPF file system of the test's own, programs loaded and attached nowhere.
func withPinnedMaps(
  limits: Limits = Limits(), _ body: (PinDirectory) throws -> Void
) throws {
  let mount = "/tmp/shortcut-maps-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  try makeDirectory(mount)
  defer { try? removeDirectory(mount) }
  try BPFFileSystem.mount(on: mount)
  defer { try? BPFFileSystem.unmount(mount) }
  let pins = PinDirectory(path: "\(mount)/shortcut")
  try makeDirectory(pins.path)
  let instance = try Instance(image: .shortcut, limits: limits, pins: pins)
  try withExtendedLifetime(instance.access) { try body(pins) }
}
