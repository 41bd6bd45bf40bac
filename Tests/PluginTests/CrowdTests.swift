import CNI
import Datapath
import JSON
import Linux
import TestSupport
import Testing

/// Many calls at once, and calls that are killed.
@Suite(.needsKernel, .timeLimit(.minutes(10))) struct CrowdTests {
  private static let crowd = 200

  @Test func twoHundredPodsComeAndGoAtOnce() async throws {
    try await PodBed.with(pods: Self.crowd) { bed in
      let everyone = 0..<Self.crowd
      try await bed.run(everyone.map { ($0, .add) })
      #expect(try bed.registered().count == Self.crowd)
      #expect(try bed.allowed() == 3 * Self.crowd)
      try await bed.run(everyone.map { ($0, $0 % 2 == 0 ? .delete : .check) })
      #expect(try bed.registered().count == Self.crowd / 2)
      try await bed.run(everyone.map { ($0, $0 % 2 == 0 ? .add : .delete) })
      #expect(try bed.registered().count == Self.crowd / 2)
      try await bed.run(everyone.map { ($0, .delete) })
      #expect(try bed.allowed() == 0)
    }
  }

  @Test func podThatIsAddedAndDeletedAtOnceIsThereWholeOrNotAtAll() async throws {
    try await PodBed.with(pods: 1) { bed in
      for _ in 1...25 {
        try await bed.run([(0, .add), (0, .delete), (0, .add), (0, .delete)], mayBeCanceled: true)
        let isThere = try bed.registered() == ["pod-0"]
        #expect(try bed.allowed() == (isThere ? 3 : 0))
        if isThere { try await bed.call(0).expect(.check) }
      }
      for _ in 1...3 { try await bed.call(0).expect(.delete) }
      #expect(try bed.allowed() == 0)
    }
  }

  private static let verbs: [CNI.Command] = [.add, .delete, .garbageCollect, .check]

  @Test(arguments: verbs, ["bpf", "setns", "openat", "write", "read", "close"])
  func callKilledAtAnySystemCallIsRepairedByDelete(
    _ verb: CNI.Command, _ systemCall: String
  ) async throws {
    try await PodBed.with(pods: 1) { bed in
      var call = bed.call(0)
      if verb == .garbageCollect { call.settings.append(("cni.dev/attachments", .array([]))) }
      for count in 1...100 {
        if verb != .add { try await call.expect(.add) }
        let completion = try await call.command(verb).killed(before: systemCall, count).run()
        try await call.expect(.delete)
        #expect(try bed.allowed() == 0 && bed.registered().isEmpty, "\(systemCall) \(count)")
        guard !completion.isSuccess else { return }
      }
      Issue.record("killed before every \(systemCall)")
    }
  }

  @Test func addAfterAKilledAddSucceeds() async throws {
    try await PodBed.with(pods: 1) { bed in
      let call = bed.call(0)
      for count in 1...15 {
        let completion = try await call.command(.add).killed(before: "bpf", count).run()
        #expect(completion.end == .exited(137))
        try await call.expect(.add)
        try await call.expect(.check)
      }
      #expect(try bed.allowed() == 3)
    }
  }
}

extension TestSupport.Command {
  /// The same, and the plugin killed before its `count`th system call of that name.
  fileprivate func killed(before systemCall: String, _ count: Int) -> TestSupport.Command {
    var command = self
    command.arguments[1] = #"""
      printf %s "$0" |
        strace -qq -o /dev/null -e signal=none -e inject=\#(systemCall):signal=KILL:when=\#(count) "$1"
      """#
    return command
  }
}

extension PodBed {
  /// Runs calls all at once, and expects of each what its verb prints.
  ///
  /// An ADD whose pod is deleted meanwhile may say so.
  fileprivate func run(
    _ calls: [(pod: Int, verb: CNI.Command)], mayBeCanceled: Bool = false
  ) async throws {
    var script = "cd \"$0\"\n"
    for (index, item) in calls.enumerated() {
      let call = call(item.pod)
      try call.write(to: "\(directory)/input-\(index)")
      let variables = call.variables.merging(["CNI_COMMAND": item.verb.rawValue]) { $1 }
      let words = variables.map { "'\($0.key)=\($0.value)'" }.joined(separator: " ")
      let files = "<input-\(index) >output-\(index) 2>error-\(index)"
      script += "(env \(words) \"$1\" \(files) || echo failed >>error-\(index)) &\n"
    }
    try await Command(
      "bash", ["-c", script + "wait", directory, Products.path("shortcut-cni")]
    ).output()
    for (index, item) in calls.enumerated() {
      let (output, error) = (
        try readText("\(directory)/output-\(index)"),
        try readText("\(directory)/error-\(index)")
      )
      #expect(output == (item.verb == .add ? call(item.pod).previousResult : ""))
      #expect(error.isEmpty || mayBeCanceled && error.contains("(errno 125)"), "\(error)")
    }
  }
}

extension PodCall {
  fileprivate func write(to path: String) throws {
    _ = try removeFile(path)
    try appendLine(configuration, to: path)
  }
}
