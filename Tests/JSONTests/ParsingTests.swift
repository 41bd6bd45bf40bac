import JSON
import Testing

@Suite struct ParsingTests {
  @Test(
    arguments: [
      (#"{"b":1,"a":{"c":[]}}"#, ["b": 1, "a": ["c": []]]),
      (" [ 1 , -2 , 3.5 , 1e3 ] \n", [1, -2, 3.5, 1000.0]),
      ("9223372036854775807", .integer(.max)),
      ("-9223372036854775808", .integer(.min)),
      (#""A\u00e9\ud83d\ude00\n\u0000""#, .string("Aé😀\n\0")),
      ("true", true), ("false", false), ("null", nil), ("{}", .object([])), (#""""#, ""),
    ] as [(String, JSONValue)])
  func textBecomesValue(text: String, value: JSONValue) throws {
    #expect(try parse(text) == value)
  }

  @Test func membersKeepTheirOrder() throws {
    let keys = (0..<200).map { "key\($0 * 7919 % 200)" }
    let text = "{" + keys.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    #expect(try parse(text).members?.map(\.0) == keys)
  }

  @Test func lastOfEqualKeysCounts() throws {
    #expect(try parse(#"{"a":1,"a":2}"#)["a"] == 2)
  }

  @Test func wholeNumberBeyond64BitsIsReal() throws {
    #expect(try parse("[18446744073709551616, 7]") == [18_446_744_073_709_551_616.0, 7.0])
  }

  @Test(arguments: [
    ("", JSONError.Code.prematureEnd, 0),
    ("{", .prematureEnd, 1),
    (#"{"a":"#, .prematureEnd, 5),
    ("{}x", .trailingText, 3),
    ("{} []", .trailingText, 4),
    ("1e999", .numberOverflow, 5),
    ("{a:1}", .invalidSyntax, 2),
    ("[1,]", .invalidSyntax, 4),
    ("01", .invalidSyntax, 1),
    ("nul", .invalidSyntax, 3),
    (#"{"\u0000":1}"#, .invalidSyntax, 9),
    ("\"\n\"", .invalidSyntax, 1),
  ])
  func faultIsNamedWithItsPlace(text: String, code: JSONError.Code, offset: Int) throws {
    let error = try #require(throws: JSONError.self) { try parse(text) }
    #expect(error.code == code)
    #expect(error.offset == offset)
    #expect(!error.reason.isEmpty)
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xff, 0x22]) }
  }

  @Test func endlessNestingIsRefused() {
    let text = String(repeating: "[", count: 500_000)
    #expect(throws: JSONError.self) { try parse(text) }
  }

  @Test func errorReadsAsOperationPlaceReason() throws {
    let error = try #require(throws: JSONError.self) { try parse("[1 2]") }
    #expect(error.description == "parse json at byte 4: ']' expected near '2'")
  }
}

func parse(_ text: String) throws -> JSONValue {
  try JSONValue(parsing: Array(text.utf8))
}
