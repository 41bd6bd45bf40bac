// Loads the datapath with a fault that a test must notice, or as an older kernel would have it.
private import Datapath
private import Glibc
private import Linux
private import Programs

private let faults: [String: Fault] = ["unproven": .joinWithoutProof, "older": .olderKernel]

guard CommandLine.arguments.count == 4, let fault = faults[CommandLine.arguments[1]] else {
  print("usage: load-with-fault unproven|older PIN-DIRECTORY CGROUP")
  exit(2)
}
private let loader = Loader(image: .shortcut, pins: PinDirectory(path: CommandLine.arguments[2]))
do throws(DatapathError) {
  let report = try loader.load(on: ControlGroup(path: CommandLine.arguments[3]), fault: fault)
  let access = report.access?.rawValue ?? "as it was"
  let accounted = report.facts?.isReceiveQueueAccounted ?? false
  print("peers read by \(access), queues accounted by the kernel: \(accounted)")
} catch {
  print(error)
  exit(1)
}
