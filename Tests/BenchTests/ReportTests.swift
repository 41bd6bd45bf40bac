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
