// Loads the datapath as another build of it would: PIN-DIRECTORY CGROUP.
private import Datapath
private import Glibc
private import Linux
private import Programs

guard CommandLine.arguments.count == 3 else {
  print("usage: load-other-build PIN-DIRECTORY CGROUP")
  exit(2)
}
private let image = ProgramImage.shortcut
// Bytes behind its end do not change what an ELF file means.
private let other = ProgramImage(byteCount: image.byteCount + 8, words: image.words + [0])
private let loader = Loader(image: other, pins: PinDirectory(path: CommandLine.arguments[1]))
do throws(DatapathError) {
  print(try loader.load(on: ControlGroup(path: CommandLine.arguments[2])).outcome)
} catch {
  print(error)
  exit(1)
}
