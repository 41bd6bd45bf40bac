import JSON
import Testing

@testable import Installer

/// How our entry gets into the text of a network list and out of it.
struct NetworkListTests {
  @Test func entryLooksLikeItsNeighbour() throws {
    let text = Samples.kubeOVN.replacing(
      """
              "portMappings": true
            }
          }
      """,
      with: """
                "portMappings": true
              }
            },
            {
              "type": "shortcut-cni",
              "capabilities": {
                "io.kubernetes.cri.pod-annotations": true,
                "cgroupPath": true
              }
            }
        """)
    #expect(try added(to: Samples.kubeOVN) == text)
  }

  @Test(arguments: Samples.lists) func entryIsLastAndNothingElseChanges(text: String) throws {
    let before = try list(text)
    let after = try list(added(to: text))
    #expect(after.types == before.types + ["shortcut-cni"])
    #expect(after.versions == before.versions)
    let same = before.plugins.map(\.bytes) == after.plugins.dropLast().map(\.bytes)
    #expect(same)
    let insertion = after.text.count - before.text.count
    let start = zip(before.text, after.text).prefix { $0 == $1 }.count
    #expect(Array(after.text[..<start] + after.text[(start + insertion)...]) == before.text)
  }

  @Test(arguments: Samples.lists) func removalGivesTheSameBytesBack(text: String) throws {
    #expect(try Array(text.utf8) == list(added(to: text)).removingEntries())
  }

  @Test(arguments: Samples.lists) func addingTwiceIsAddingOnce(text: String) throws {
    let once = try added(to: text)
    #expect(try added(to: once) == once)
  }

  @Test func randomListsComeBack() throws {
    var source = RandomList(seed: 7)
    for _ in 0..<2000 {
      let text = source.next()
      let after = try list(added(to: text))
      #expect(after.types.last == "shortcut-cni", "\(text)")
      #expect(after.removingEntries() == Array(text.utf8), "\(text)")
    }
  }

  @Test(arguments: Samples.refused) func textThatNoRuntimeTakesIsInvalid(text: String) {
    let reading = NetworkList.read(Array(text.utf8), name: "10.conflist")
    guard case .invalid(let reason) = reading else {
      Issue.record("\(text): \(reading)")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test func invalidUTF8IsNoReasonToRefuse() throws {
    let text =
      Array(#"{"name":"a","x":""#.utf8) + [0xff, 0xfe] + Array(#"","plugins":[{"type":"b"}]}"#.utf8)
    guard case .list(let list) = NetworkList.read(text, name: "10.conflist") else {
      Issue.record("refused")
      return
    }
    guard case .list(let after) = NetworkList.read(list.adding(Entry()), name: "10.conflist") else {
      Issue.record("refused after adding")
      return
    }
    #expect(after.removingEntries() == text)
  }

  @Test(arguments: ["10.conf", "10.json"]) func singlePluginIsNoList(name: String) {
    let reading = NetworkList.read(Array(#"{"name":"a","type":"bridge"}"#.utf8), name: name)
    guard case .single = reading else {
      Issue.record("\(reading)")
      return
    }
    let list = NetworkList.read(Array(Samples.kubeOVN.utf8), name: name)
    guard case .invalid = list else {
      Issue.record("a list in a file for single plugins: \(list)")
      return
    }
  }

  @Test func versionIsTheOldestWhereNoneIsGiven() throws {
    #expect(try list(#"{"name":"a","plugins":[{"type":"b"}]}"#).versions == ["0.1.0"])
    let several =
      #"{"name":"a","cniVersion":"0.4.0","cniVersions":["1.1.0"],"plugins":[{"type":"b"}]}"#
    #expect(try list(several).versions == ["0.4.0", "1.1.0"])
  }
}

struct NoList: Error {
  var reading: NetworkList.Reading
}

func list(_ text: String, name: String = "10-test.conflist") throws -> NetworkList {
  let reading = NetworkList.read(Array(text.utf8), name: name)
  guard case .list(let list) = reading else { throw NoList(reading: reading) }
  return list
}

func added(to text: String) throws -> String {
  try String(decoding: list(text).adding(Entry()), as: UTF8.self)
}
