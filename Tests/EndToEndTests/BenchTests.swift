import Glibc
import JSON
import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// The benches measure what they say they measure; how fast it is, is nobody's failure.
  @Suite struct BenchTests {
    @Test func quickBenchShortensOneWayAlone() async throws {
      let file = "/tmp/shortcut-bench-\(getpid())-\(UInt16.random(in: 0...UInt16.max)).json"
      defer { _ = try? removeFile(file) }
      let arguments = ["--quick", "--suite", "bulk", "--bin", Products.directory, "--json", file]
      try await Command("\(Products.repository)/Tests/Bench/run", arguments).output()
      let results = try results(of: try readText(file))
      #expect(results.map { $0["metric"]?.stringValue } == ["stream"])
      try results.forEach(expectShortened)
    }

    /// Each with the programs it drives: nginx, redis, sockperf, wrk.
    @Test func everySuiteMeasures() async throws {
      let file = "/tmp/shortcut-bench-\(getpid())-\(UInt16.random(in: 0...UInt16.max)).json"
      defer { _ = try? removeFile(file) }
      let suites = ["latency", "small", "connect", "redis", "http", "mesh", "tax", "cost", "qperf"]
      try await Command(
        "\(Products.repository)/Tests/Bench/run",
        [
          "--quick", "--suite", suites.joined(separator: ","), "--bin", Products.directory,
          "--json", file,
        ]
      ).output()
      let results = try results(of: try readText(file))
      #expect(Set(results.compactMap { $0["suite"]?.stringValue }) == Set(suites))
      for result in results {
        #expect(result["median"]?["shortcut"]?.realValue ?? 0 > 0, "\(result)")
      }
    }

    @Test func benchOfTwoPodsShortensOneWayAlone() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let text = try await road.bench(["--suite", "latency,connect"]).output()
        let results = try results(of: text)
        #expect(results.count == 5)
        try results.filter { $0["suite"]?.stringValue == "latency" }.forEach(expectShortened)
        #expect(try await road.paused().isEmpty)
      }
    }

    @Test func benchOfProgramsShortensOneWayAlone() async throws {
      try await Road.with(.bridge, pods: ["client", "server"], shortcut: "all") { road in
        let text = try await road.bench(["--suite", "redis,http"]).output()
        let results = try results(of: text)
        #expect(results.count == 4 + 3)
        try results.filter { $0["metric"]?.stringValue?.hasPrefix("wrk") == false }
          .forEach(expectShortened)
        let left = try names(in: "/run").filter { $0.hasPrefix("shortcut-bench-") }
        #expect(left.isEmpty)
      }
    }

    @Test func programThatIsNotThereIsNamed() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        var bench = road.bench(["--suite", "redis"])
        bench.environment["PATH"] = "/nowhere"
        let verdict = try await bench.run()
        #expect(!verdict.isSuccess)
        #expect(verdict.error.contains("start redis-server: not in PATH"), "\(verdict)")
      }
    }

    @Test func killedBenchLeavesNoPodPaused() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        let bench = road.bench(["--suite", "latency", "--seconds", "30"])
        async let completion = bench.killed(after: .seconds(3)).run()
        var paused: [String] = []
        for _ in 0..<100 where paused.isEmpty {
          try await Task.sleep(for: .milliseconds(50))
          paused = try await road.paused()
        }
        #expect(paused == ["client", "server"])
        #expect(try await completion.end == .exited(137))
        for _ in 0..<100 where !paused.isEmpty {
          try await Task.sleep(for: .milliseconds(50))
          paused = try await road.paused()
        }
        #expect(paused.isEmpty)
      }
    }

    @Test func podThatIsNotRegisteredIsNamed() async throws {
      try await Road.with(.bridge, pods: ["client"]) { road in
        try await road.addPod("server", shortcut: "false")
        let verdict = try await road.bench([]).run()
        #expect(!verdict.isSuccess)
        #expect(verdict.error.contains("find pod default/server: not registered"), "\(verdict)")
      }
    }
  }
}

private func results(of text: String) throws -> [JSONValue] {
  let document = try JSONValue(parsing: Array(text.utf8))
  return try #require(document["results"]?.elements)
}

private func expectShortened(_ result: JSONValue) throws {
  for way in ["plain", "shortcut", "unix"] {
    #expect(result[way]?.elements?.count == 1)
    #expect(result["median"]?[way]?.realValue ?? 0 > 0)
  }
  #expect(result["pairs"]?["plain"]?.integerValue == 0)
  #expect(result["pairs"]?["shortcut"]?.integerValue ?? 0 > 0)
  #expect(result["carried"]?["plain"]?.realValue == 0)
  #expect(result["carried"]?["shortcut"]?.realValue ?? 0 > 0.5)
}

extension Road {
  fileprivate func bench(_ options: [String]) -> Command {
    shortcut.command(
      "bench",
      ["default/client", "default/server", "--json", "--rounds", "1", "--size", "64"]
        + (options.contains("--seconds") ? [] : ["--seconds", "0.2"]) + options)
  }

  /// The pods that are paused.
  fileprivate func paused() async throws -> [String] {
    try await shortcut.pods().filter { $0["paused"]?.boolValue == true }
      .compactMap { $0["name"]?.stringValue }.sorted()
  }
}
