import JSON
import Linux
import TestSupport
import Testing

extension EndToEnd {
  /// Programs may hand TLS connections to the kernel, which gives no keys to a socket of a sockhash.
  @Suite struct TLSTests {
    @Test(arguments: [false, true])
    func tlsTakesTheShortcutWhereTheKernelHasNone(afterWord: Bool) async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await road.pretend(kernelTLS: false)
        try await road.servingTLS { talk in
          try await talk(afterWord)
          #expect(try await road.counted { try await talk(afterWord) }.shortcutBytes > 200_000)
          #expect(try await road.shortcut.status().evictions["upper_layer"] == 0)
        }
      }
    }

    @Test func tlsLeavesTheSockhashWhereTheKernelHasIt() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await road.pretend(kernelTLS: true)
        try await road.servingTLS { talk in
          try await talk(false)
          let grown = try await road.counted { try await talk(false) }
          #expect(grown.pairs == 1)
          #expect(grown.shortcutBytes == 0)
          #expect(grown.evicted == 2)
          let doctor = try await road.shortcut.command("doctor", []).run()
          #expect(doctor.output.contains("TLS stays plain"), "\(doctor)")
        }
      }
    }

    /// What was said in clear may have taken the shortcut; then it is in the sockhash to stay.
    @Test func tlsAfterAWordInClearKeepsToTheStackWhereTheKernelHasIt() async throws {
      try await Road.with(.bridge, pods: ["client", "server"]) { road in
        try await road.pretend(kernelTLS: true)
        try await road.servingTLS { talk in
          try await talk(true)
          let grown = try await road.counted { try await talk(true) }
          #expect(grown.pairs == 1)
          #expect(grown.shortcutBytes <= 20, "the words")
        }
      }
    }

    @Test func operatorWhoseProgramsUseNoKTLSHasItShortened() async throws {
      try await Road.with(.bridge) { road in
        try await road.pretend(kernelTLS: true, options: ["--shorten-tls"])
        for pod in ["client", "server"] { try await road.addPod(pod) }
        try await road.servingTLS { talk in
          try await talk(false)
          #expect(try await road.counted { try await talk(false) }.shortcutBytes > 200_000)
        }
      }
    }

    @Test func agentSeesThatTheModuleIsLoadedLater() async throws {
      try await Road.with(.bridge, pods: ["client"]) { road in
        try await road.pretend(kernelTLS: false)
        try await road.withAgent(prefix: road.pretending) { agent in
          #expect(try await road.keepsTLSPlain() == false)
          try await road.offer("mptcp tls")
          try await road.wait { try await road.keepsTLSPlain() == true }
          #expect(try agent.log().contains("event=kernel-tls present=yes"))
          try await road.offer("mptcp")
          try await road.wait { try await road.keepsTLSPlain() == false }
        }
      }
    }
  }
}

/// What a connection has moved.
private struct Growth {
  var pairs: Int
  var shortcutBytes: Int
  /// For TLS.
  var evicted: Int
}

extension Road {
  fileprivate typealias TLSTalk = (_ afterWord: Bool) async throws -> Void

  /// What the kernel is said to offer.
  fileprivate var upperLayers: String { "\(directory)/upper-layers" }

  /// Written where it is: whoever has mounted the file sees it.
  fileprivate func offer(_ layers: String) async throws {
    try await Command("sh", ["-c", #"echo "$1" >"$2""#, "sh", layers, upperLayers]).output()
  }

  /// Comes before a program, for which the kernel has the upper layers of that file.
  fileprivate var pretending: [String] {
    let script = #"mount --bind "$1" /proc/sys/net/ipv4/tcp_available_ulp; shift; exec "$@""#
    return ["unshare", "--mount", "sh", "-c", script, "sh", upperLayers]
  }

  /// Loads, perhaps again, on a kernel that is said to have TLS, or not.
  fileprivate func pretend(kernelTLS isPresent: Bool, options: [String] = []) async throws {
    try await offer(isPresent ? "mptcp tls" : "mptcp")
    let load = shortcut.command("load", ["--cgroup", try await cgroup()] + options)
    let words = pretending + [load.program] + load.arguments
    try await Command(words[0], Array(words.dropFirst())).output()
  }

  /// A server in pod `server`, and connections to it from pod `client`. The first showed what both
  /// programs are.
  fileprivate func servingTLS(_ body: (TLSTalk) async throws -> Void) async throws {
    let program = "\(Products.repository)/Tests/TLS/tls"
    let there = try await [address(of: "server"), "7300"]
    try await withServer(program, ["serve"] + there, port: 7301) {
      try await body { afterWord in
        let options = afterWord ? ["--after-word"] : []
        try await inside("client", program, ["talk"] + there + options).output()
      }
    }
  }

  fileprivate func counted(_ body: () async throws -> Void) async throws -> Growth {
    let before = try await shortcut.status()
    try await body()
    let after = try await shortcut.status()
    func evicted(_ status: StatusReport) -> Int { status.evictions["upper_layer"] ?? 0 }
    return Growth(
      pairs: after.pairs - before.pairs,
      shortcutBytes: after.shortcutBytes - before.shortcutBytes,
      evicted: evicted(after) - evicted(before))
  }

  fileprivate func keepsTLSPlain() async throws -> Bool? {
    let text = try await shortcut.command("status", ["--json"]).output()
    return try JSONValue(parsing: Array(text.utf8))["settings"]?["plain_tls"]?.boolValue
  }

  fileprivate func wait(_ condition: () async throws -> Bool) async throws {
    for _ in 0..<100 where try await !condition() { try await Task.sleep(for: .milliseconds(100)) }
    #expect(try await condition())
  }
}
