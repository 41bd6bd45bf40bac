// Loads the datapath with a fault that a test must notice: PIN-DIRECTORY CGROUP.
private import Datapath
private import Glibc
private import Linux
private import Programs

guard CommandLine.arguments.count == 3 else {
  print("usage: load-with-fault PIN-DIRECTORY CGROUP")
  exit(2)
}
private let loader = Loader(image: .shortcut, pins: PinDirectory(path: CommandLine.arguments[1]))
do throws(DatapathError) {
  _ = try loader.load(
    on: ControlGroup(path: CommandLine.arguments[2]), fault: .joinWithoutProof)
} catch {
  print(error)
  exit(1)
}
