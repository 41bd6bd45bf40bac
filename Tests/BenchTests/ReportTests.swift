import Testing

@testable import Bench

@Suite struct ReportTests {
  @Test func loadGeneratorsLineIsReadByName() {
    let report = Report(
      #"{"messages": 12, "p50_us": 4.5, "note": "x"}"# + "\n",
      of: .load(verb: "ping", options: []))
    #expect(report["p50_us"] == 4.5)
    #expect(report["messages"] == 12)
    #expect(report["note"] == nil)
    #expect(report["p99_us"] == nil)
  }

  @Test func brokenLineHasNoNumbers() {
    #expect(Report("{", of: .load(verb: "ping", options: []))["p50_us"] == nil)
  }

  @Test func redisTableTellsRequestsPerSecond() {
    let report = Report(
      """
      "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms"
      "GET","84821.50","0.175","0.064","0.167"
      """, of: .redis(test: "get", pipeline: 1))
    #expect(report["per_s"] == 84821.5)
    #expect(Report("ERR", of: .redis(test: "get", pipeline: 1))["per_s"] == nil)
  }

  @Test(arguments: [("643.00us", 643), ("1.50ms", 1500), ("2.00s", 2_000_000)])
  func wrksTextTellsRateAndMedian(duration: String, microseconds: Double) {
    let report = Report(
      """
        Latency Distribution
           50%  \(duration)
           75%    9.00ms
      Requests/sec:  24513.09
      Transfer/sec:      8.62MB
      """, of: .wrk)
    #expect(report["per_s"] == 24513.09)
    #expect(report["p50_us"] == microseconds)
  }

  @Test(arguments: ["Socket errors: connect 0, read 3", "Non-2xx or 3xx responses: 7"])
  func wrksRunWithErrorsCountsForNothing(complaint: String) {
    #expect(Report("\(complaint)\nRequests/sec: 1.00", of: .wrk)["per_s"] == nil)
  }

  @Test func qperfsUnitsBecomeMicrosecondsAndMegabits() {
    let report = Report(
      """
      tcp_lat:
          latency        =  8,500 ns
          msg_rate       =    118 K/sec
      tcp_bw:
          bw             =   1.25 GB/sec
      """, of: .qperf)
    #expect(report["tcp_lat"] == 8.5)
    #expect(report["tcp_bw"] == 10000)
  }
}
