import JSON
import Linux
import TestSupport
import Testing

/// A node that runs short of something, or on which much happens.
extension EndToEnd.SurvivalTests {
  @Test func fullMapsRefuseAndBreakNothing() async throws {
    let options = ["--max-connections", "4", "--max-pods", "2"]
    try await Road.with(.bridge, pods: ["client", "server"], options: options) { road in
      try await Survival(road: road, registers: false).during {
        try await road.addPod("third")
        #expect(try await road.names() == ["client", "server"])
        let crowd = TortureRun(
          to: try await road.address(of: "server"), port: 7001, connections: 100,
          options: ["--parallel", "50"])
        let verdict = try await crowd.run(on: road)
        #expect(verdict.isClean, "\(verdict)")
        #expect(try await road.shortcut.status().refusals["full"] ?? 0 > 0)
        let plain = TortureRun(
          server: "third", to: try await road.address(of: "third"), port: 7002, connections: 20)
        let other = try await plain.run(on: road)
        #expect(other.isClean, "\(other)")
      }
      for pod in ["third", "server"] { try await road.verb("unpod", pod) }
      try await Survival(road: road).expectAPodStarts()
    }
  }

  @Test func namespaceThatGoesWithoutADeleteIsForgotten() async throws {
    try await Road.with(.bridge, pods: ["client", "server", "gone"]) { road in
      try await Survival(road: road, seconds: 5).during {
        try await road.withAgent { agent in
          let path = "\(road.directory)/netns/gone"
          try await Command("umount", [path]).output()
          try removeFile(path)
          try await road.wait(forPods: ["client", "server"])
          let log = try agent.log()
          #expect(log.contains("its network namespace is gone"), "\(log)")
        }
      }
      try await road.verb("unpod", "gone")
      try await road.addPod("gone")
      #expect(try await road.names() == ["client", "gone", "server"])
    }
  }

  /// Of all that is the kernel's own only this is not a namespace's: a shell gives it back though
  /// this process be killed, and after twenty seconds in any case.
  @Test func exhaustedTCPMemoryLosesNothing() async throws {
    let limits = try readText("/proc/sys/net/ipv4/tcp_mem")
    try await Road.with(.bridge, pods: ["client", "server"]) { road in
      try await road.withAgent { agent in
        try await Survival(road: road, seconds: 8).during {
          try await withLowMemory { try await Task.sleep(for: .seconds(2)) }
          try await road.waitForShortcutBytes()
        }
        let events = try agent.log().split(separator: "\n").filter { $0.contains("=memory-") }
        #expect(events == ["level=warn event=memory-short", "level=info event=memory-ample"])
      }
      #expect(try await road.pressures(of: "client") + road.pressures(of: "server") > 0)
    }
    #expect(try readText("/proc/sys/net/ipv4/tcp_mem") == limits)
  }

  private func withLowMemory(_ body: () async throws -> Void) async throws {
    let script = """
      trap '' INT TERM HUP
      exec 9</proc/sys/net/ipv4/tcp_mem && flock 9
      before=$(cat /proc/sys/net/ipv4/tcp_mem)
      echo "1 2 32" >/proc/sys/net/ipv4/tcp_mem
      echo lowered
      timeout 20 cat >/dev/null
      echo "$before" >/proc/sys/net/ipv4/tcp_mem
      """
    let guardian = try ChildProcess(["bash", "-c", script], input: .lifeline)
    #expect(try guardian.readLine() == "lowered")
    try await body()
  }

  @Test func thousandPodsComeAndGoBesideTraffic() async throws {
    try await Road.with(.bridge, pods: ["client", "server"]) { road in
      try await road.withAgent { agent in
        try await Survival(road: road, seconds: 12).during {
          try await road.crowd("ADD")
          #expect(try await road.names().count == 1002)
          try await road.waitForShortcutBytes()
          try await road.crowd("DEL")
          try await road.wait(forPods: ["client", "server"])
        }
        #expect(try await road.allowlist() == 8)
        let report = try await agent.report()
        #expect(report?["fault"]?.stringValue == nil)
      }
    }
  }

  /// The clocks that jump are those of a time namespace; `CLOCK_REALTIME` is only shown, see
  /// `wallClockDecidesNothing`.
  @Test(arguments: [-20, 86_400])
  func agentAndRevalidationDoNotMindAnotherClock(offset: Int) async throws {
    let elsewhen = ["unshare", "--time", "--monotonic", "\(offset)", "--fork", "--kill-child"]
    try await Road.with(.bridge, pods: ["client", "server"]) { road in
      try await road.withAgent(prefix: elsewhen) { agent in
        _ = try await Talk(road: road).during(seconds: 8) {
          try await road.waitForShortcut()
          let before = try await road.shortcut.status().stackMessages
          try await Task.sleep(for: .milliseconds(500))
          let quiet = try await road.shortcut.status().stackMessages
          let command = road.shortcut.command("revalidate")
          try await Command(
            elsewhen[0], elsewhen.dropFirst() + [command.program] + command.arguments
          ).output()
          try await Task.sleep(for: .milliseconds(500))
          let moved = try await road.shortcut.status().stackMessages
          #expect(moved - quiet > quiet - before, "\(before) \(quiet) \(moved)")
          try await road.waitForShortcut()
        }
        try await Survival(road: road).during {
          try await road.addPod("new")
          try await road.verb("unpod", "new")
        }
        #expect(try await agent.report()?["loaded"] == true)
      }
    }
  }

  @Test func agentIsToBeReachedFromThisNodeAlone() async throws {
    try await Road.with(.bridge) { road in
      let (pins, cgroup) = (road.shortcut.pins, try await road.cgroup())
      let name = pins.split(separator: "/").last ?? ""
      let script = """
        ip link set lo up
        "$@" & agent=$!
        trap 'kill "$agent"; wait "$agent"' EXIT
        for ((i = 0; i < 600; i++)); do
          [[ -e $PINS/link && -S /run/$RUN/agent.sock && $(ss -ltnH) ]] && break || sleep 0.1
        done
        sleep 1
        stat -c %a "/run/$RUN" "/run/$RUN/agent.sock" "$PINS" | xargs
        ss -ltnH | awk '{ print $4 }'
        """
      // With the standard settings, in a network namespace where their port is free.
      let output = try await Command(
        "unshare",
        [
          "--net", "bash", "-c", script, "bash", Products.path("shortcutd"), "--bpffs-root", pins,
          "--cgroup", cgroup, "--ovsdb", "none", "--bridge", "none", "--runtime", "none",
        ], environment: ["RUN": String(name), "PINS": pins]
      ).output()
      let lines = output.split(separator: "\n").suffix(2).map(String.init)
      #expect(lines == ["700 600 700", "127.0.0.1:10671"], "\(output)")
    }
  }
}

extension Road {
  /// How often TCP found too little memory in a pod.
  fileprivate func pressures(of pod: String) async throws -> Int {
    let script =
      "nstat -az | awk '/TCPMemoryPressures |PruneCalled|RcvPruned/ { n += $2 } END { print n }'"
    return Int(try await inside(pod, "sh", ["-c", script]).output().filter(\.isNumber)) ?? 0
  }

  /// Calls the plugin for a thousand pods, two at a time: forty in each of 25 network namespaces.
  fileprivate func crowd(_ verb: String) async throws {
    let script = #"""
      call() {
        local namespace=$(($1 % 25)) address=10.99.$(($1 / 250)).$(($1 % 250 + 1))
        env CNI_COMMAND="$VERB" CNI_CONTAINERID="crowd-$1" CNI_IFNAME=eth0 \
          CNI_NETNS="$NAMESPACES/crowd-$namespace" CNI_PATH=/ \
          CNI_ARGS="K8S_POD_NAMESPACE=crowd;K8S_POD_NAME=pod-$1" "$PLUGIN" >/dev/null <<TEXT
      {"cniVersion": "1.0.0", "name": "test", "type": "shortcut-cni", "bpffsRoot": "$PINS",
       "prevResult": {"cniVersion": "1.0.0",
        "interfaces": [{"name": "eth0", "sandbox": "$NAMESPACES/crowd-$namespace"}],
        "ips": [{"address": "$address/16", "interface": 0}]}}
      TEXT
      }
      for ((i = 0; i < 25; i++)); do
        path=$NAMESPACES/crowd-$i
        [[ -e $path ]] || { : >"$path" && unshare --net="$path" true; }
      done
      share() { for ((n = $1; n < 1000; n += 2)); do call "$n"; done; }
      share 0 & other=$!
      share 1
      wait "$other"
      """#
    let environment = [
      "VERB": verb, "NAMESPACES": "\(directory)/netns", "PINS": shortcut.pins,
      "PLUGIN": Products.path("shortcut-cni"),
    ]
    try await Command("bash", ["-euc", script], environment: environment).output()
  }
}
