import JSON
import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// What `doctor` finds on a real node, and that it leaves nothing there.
  @Suite struct DoctorTests {
    @Test func nodeThatWorksIsFoundWell() async throws {
      try await Road.with(.ovn, pods: ["client", "server"]) { road in
        let cni = try await road.installedPlugin()
        let entries = try await road.allowlist()
        try await road.withAgent { _ in
          let doctor = try await road.doctor(cni)
          #expect(doctor.isWell, "\(doctor)")
          #expect(doctor.find("self-test", .ok)?.contains("took the shortcut") == true, "\(doctor)")
          #expect(doctor.find("pods", .ok)?.contains("2 registered") == true, "\(doctor)")
          #expect(doctor.find("plugin", .ok)?.contains("01-test.conflist") == true, "\(doctor)")
          #expect(doctor.texts("plugin").contains { $0.contains("sha256") }, "\(doctor)")
          #expect(doctor.find("agent", .ok) != nil, "\(doctor)")
          // The road's datapath is the userspace one.
          #expect(doctor.find("bridge", .warn)?.contains("netdev") == true, "\(doctor)")
          let text = try await road.shortcut.command("doctor", cni).output()
          #expect(text.contains("\nok    self-test"), "\(text)")
        }
        try await road.expectNoRemains(beside: entries)
      }
    }

    @Test func whatIsMissingFailsAndSaysWhatToDo() async throws {
      try await Road.with(.bridge) { road in
        let cni = ["--conf-dir", "\(road.directory)/none", "--bin-dir", "\(road.directory)/bin"]
        let unloaded = try await road.doctor(cni + ["--ovsdb", "\(road.directory)/no.sock"])
        #expect(!unloaded.isWell)
        #expect(unloaded.find("plugin", .fail) != nil, "\(unloaded)")
        #expect(unloaded.find("ovsdb", .fail)?.contains("no.sock") == true, "\(unloaded)")
        #expect(unloaded.find("datapath", .warn)?.contains("nothing is loaded") == true)
        #expect(unloaded.find("agent", .warn) != nil, "\(unloaded)")
        // The programs are tried all the same.
        #expect(
          unloaded.find("self-test", .ok)?.contains("nothing is loaded") == true, "\(unloaded)")
        try await road.load(options: ["--max-pods", "1"])
        try await road.addPod("client")
        let full = try await road.doctor(cni + ["--ovsdb", "none"])
        #expect(full.texts("datapath").contains { $0.contains("1 of 1 attachments") }, "\(full)")
        try await road.shortcut.command("pause", ["--node"]).output()
        let paused = try await road.doctor(cni + ["--ovsdb", "none"])
        #expect(paused.find("self-test", .warn)?.contains("paused") == true, "\(paused)")
        #expect(
          paused.texts("datapath").contains { $0.contains("the node is paused") }, "\(paused)")
      }
    }

    @Test func neighboursAreSeen() async throws {
      try await Road.with(.bridge) { road in
        try await road.load()
        let other = Shortcutctl(pins: "\(road.shortcut.pins)-other")
        do {
          try await other.load(on: road.cgroup())
          let doctor = try await road.doctor(["--ovsdb", "none"])
          let programs = doctor.texts("sock_ops")
          #expect(programs.contains { $0.contains("runs for the same sockets") }, "\(doctor)")
          #expect(doctor.find("sockmaps", .warn)?.contains("sockhash") == true, "\(doctor)")
        } catch {
          try await other.unload()
          throw error
        }
        try await other.unload()
      }
    }

    /// There is no room for another pair: the test's own connection stays plain.
    @Test func selfTestThatTakesNoShortcutFails() async throws {
      try await Road.with(
        .bridge, pods: ["client", "server"], options: ["--max-connections", "1"]
      ) { road in
        let entries = try await road.allowlist()
        _ = try await Talk(road: road).during(seconds: 12) {
          try await road.waitForShortcut()
          let doctor = try await road.doctor(["--ovsdb", "none"])
          #expect(!doctor.isWell, "\(doctor)")
          #expect(doctor.find("self-test", .fail)?.contains("find each other") == true, "\(doctor)")
        }
        let after = try await road.doctor(["--ovsdb", "none"])
        #expect(after.texts("datapath").contains { $0.contains("full") }, "\(after)")
        try await road.expectNoRemains(beside: entries)
      }
    }

    @Test func killedSelfTestLeavesNothing() async throws {
      try await Road.with(.bridge, pods: ["client"]) { road in
        let entries = try await road.allowlist()
        var hits = 0
        for delay in ["0", "0.01", "0.02", "0.04", "0.08", "0.16"] {
          // Its only child is the guardian of what it is about to register.
          let script = """
            "${@:2}" >/dev/null 2>&1 & doctor=$!
            children=
            while kill -0 $doctor && [ -z "$children" ]; do
              read -r children </proc/$doctor/task/$doctor/children
            done 2>/dev/null
            sleep "$1"
            kill -KILL $doctor 2>/dev/null
            wait $doctor 2>/dev/null
            echo $?
            """
          let doctor = road.shortcut.command("doctor", ["--ovsdb", "none"])
          let status = try await Command(
            "bash", ["-c", script, "bash", delay, doctor.program] + doctor.arguments
          ).output()
          if status == "137\n" { hits += 1 }
          try await road.expectNoRemains(beside: entries)
        }
        #expect(hits > 0, "no run was caught in the middle")
        let doctor = try await road.doctor(["--ovsdb", "none"])
        #expect(doctor.find("self-test", .ok) != nil, "\(doctor)")
      }
    }
  }
}

/// What `doctor --json` told.
private struct DoctorReport: CustomStringConvertible {
  enum Verdict: String {
    case ok, warn, fail
  }

  let document: JSONValue
  let status: Completion.End

  /// Its own word and its exit status agree.
  var isWell: Bool {
    let isWell = document["ok"] == true
    #expect(isWell == (status == .exited(0)))
    return isWell
  }

  func texts(_ subject: String) -> [String] {
    findings(subject).compactMap { $0["finding"]?.stringValue }
  }

  /// The first finding of a kind, or nil. What is not ok says what to do, or that nothing is.
  func find(_ subject: String, _ verdict: Verdict) -> String? {
    findings(subject).first { $0["verdict"]?.stringValue == verdict.rawValue }?["finding"]?
      .stringValue
  }

  private func findings(_ subject: String) -> [JSONValue] {
    (document["findings"]?.elements ?? []).filter { $0["subject"]?.stringValue == subject }
  }

  var description: String { document.encoded(indented: true) }
}

extension Road {
  fileprivate func doctor(_ options: [String]) async throws -> DoctorReport {
    let run = try await shortcut.command("doctor", ["--json"] + options).run()
    let document = try JSONValue(parsing: Array(run.output.utf8))
    return DoctorReport(document: document, status: run.end)
  }

  /// The plugin and a network list, in directories of this road; the options that name them.
  fileprivate func installedPlugin() async throws -> [String] {
    let (lists, plugins) = ("\(directory)/cache/lists", "\(directory)/cache/plugins")
    try await Command("mkdir", ["-p", lists, plugins]).output()
    let list = #"{"cniVersion":"1.0.0","name":"test","plugins":[{"type":"kube-ovn"}]}"#
    try await Command("tee", ["\(lists)/01-test.conflist"], input: list).output()
    let options = ["--conf-dir", lists, "--bin-dir", plugins]
    try await Command(Products.path("shortcutctl"), ["install-cni"] + options).output()
    return options
  }

  /// The allowlist has so many entries again, and there is no cgroup of a self-test.
  fileprivate func expectNoRemains(beside entries: Int) async throws {
    try await eventually("no cgroup of a self-test") {
      try await Linux.names(in: cgroup()).allSatisfy { !$0.hasPrefix("shortcut-doctor") }
    }
    // What is removed while it is listed is a fault to bpftool.
    try await eventually("an allowlist of \(entries)") { (try? await allowlist()) == entries }
  }
}
