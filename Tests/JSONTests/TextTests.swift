import JSON
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    "1.50", "1e3", "123456789012345678901234567890", "-0", #""\u0041\"}{][,:\\""#,
    #"{ "x" : [ 1 , { "}" : "]" } ] }"#, "[\n]", "true", "null", #"{"prevResult":{"a":0}}"#,
  ])
  func memberIsKeptAsWritten(text: String) throws {
    let document = #" {"first": [1,{"prevResult":0}], "prevResult" : \#(text) ,"last":"}"} "#
    let members = try #require(try accepted(document).members)
    #expect(members.map(\.key) == ["first", "prevResult", "last"])
    #expect(string(members[1].value) == text)
    #expect(members[1].value.value == (try parse(text)))
  }

  @Test func elementsAreFound() throws {
    let elements = try #require(try accepted(#"[ 1.0, "a,b" ,[2,3], {"c":"]"} ,null]"#).elements)
    #expect(elements.map(string) == ["1.0", #""a,b""#, "[2,3]", #"{"c":"]"}"#, "null"])
  }

  @Test func escapedKeyIsDecoded() throws {
    let members = try #require(try accepted(#"{"prev\u0052esult":1,"\"":2}"#).members)
    #expect(members.map(\.key) == ["prevResult", "\""])
  }

  @Test func valueWithoutPartsHasNone() throws {
    for text in ["1", #""{""#, "null", "[]"] {
      #expect(try accepted(text).members == nil)
    }
    #expect(try accepted("{}").members?.isEmpty == true)
    #expect(try accepted("[]").elements?.isEmpty == true)
    #expect(try accepted("{}").elements == nil)
  }

  @Test func partsMakeTextAgain() throws {
    let parts = try #require(try accepted(#"[1.50, { "a" : 1e3 }]"#).elements)
    #expect(string(JSONText(elements: parts)) == #"[1.50,{ "a" : 1e3 }]"#)
    #expect(
      string(JSONText(members: [("k\"", parts[0]), ("l", JSONText(["x": 1]))]))
        == #"{"k\"":1.50,"l":{"x":1}}"#)
    #expect(string(JSONText(members: [])) == "{}")
  }

  /// No text may make the scanner run past the end, accepted or not.
  @Test(arguments: ["", "{", "[", "\"", "\"\\", "{\"a\"", "{\"a\":", "[1,", "}", "]", ",", "{]"])
  func textThatIsNoneIsSafe(text: String) {
    let text = JSONText(accepted: Array(text.utf8))
    _ = text.members
    _ = text.elements
    _ = text.value
  }

  private func accepted(_ text: String) throws -> JSONText {
    _ = try parse(text)
    return JSONText(accepted: Array(text.utf8))
  }

  private func string(_ text: JSONText) -> String {
    String(decoding: text.bytes, as: UTF8.self)
  }
}
