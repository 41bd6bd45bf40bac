import JSON
import Testing

@Suite struct StreamTests {
  private func texts(_ chunks: [String]) throws -> [String] {
    var stream = JSONStream()
    var texts: [String] = []
    for chunk in chunks {
      stream.append(Array(chunk.utf8))
      while let text = try stream.next() { texts.append(String(decoding: text, as: UTF8.self)) }
    }
    return texts
  }

  @Test func objectsWithoutAnythingBetweenAreCut() throws {
    #expect(try texts([#"{"a":1}{"b":[2]}"#]) == [#"{"a":1}"#, #"{"b":[2]}"#])
  }

  @Test func bracketsAndQuotesInStringsAreText() throws {
    let tricky = #"{"}\"]":"{[\\"}"#
    #expect(try texts([tricky + "[]"]) == [tricky, "[]"])
  }

  @Test func everyCutOfTheStreamGivesTheSame() throws {
    let whole = #"{"a\"}":["\\",{}]}[1]"#
    for cut in whole.utf8.indices {
      let chunks = [String(whole[..<cut]), String(whole[cut...])]
      #expect(try texts(chunks) == [#"{"a\"}":["\\",{}]}"#, "[1]"])
    }
  }

  @Test func somethingElseBetweenIsRefused() {
    #expect(throws: JSONError.self) { try texts([#"{"a":1},{}"#]) }
    #expect(throws: JSONError.self) { try texts(["]"]) }
  }

  @Test func endlessTextIsRefused() throws {
    var stream = JSONStream(limit: 100)
    stream.append([UInt8](repeating: UInt8(ascii: "["), count: 100))
    #expect(try stream.next() == nil)
    stream.append([UInt8(ascii: "[")])
    #expect(throws: JSONError.self) { _ = try stream.next() }
  }
}
