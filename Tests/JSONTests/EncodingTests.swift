import JSON
import Testing

@Suite struct EncodingTests {
  @Test(
    arguments: [
      (["b": 1, "a": [true, nil, "x"]], #"{"b":1,"a":[true,null,"x"]}"#),
      (.object([]), "{}"), (.array([]), "[]"),
      (.unsigned(.max), "18446744073709551615"), (.integer(.min), "-9223372036854775808"),
      (1.5, "1.5"), (.real(1e300), "1e+300"), (.real(.infinity), "null"), (.real(.nan), "null"),
      (
        .string("\"\\/\n\r\t\u{8}\u{c}\u{1}\u{1f}\u{7f}é😀"),
        #""\"\\/\n\r\t\b\f\u0001\u001f\#u{7f}é😀""#
      ),
    ] as [(JSONValue, String)])
  func valueBecomesCompactText(value: JSONValue, text: String) {
    #expect(value.encoded(indented: false) == text)
  }

  @Test func indentedTextHasOneMemberALine() {
    let value: JSONValue = ["a": [1, ["b": nil]], "empty": [], "none": .object([])]
    let text = """
      {
          "a": [
              1,
              {
                  "b": null
              }
          ],
          "empty": [],
          "none": {}
      }
      """
    #expect(value.encoded(indented: true) == text)
  }

  @Test(arguments: [false, true])
  func whatIsEncodedParsesToTheSame(indented: Bool) throws {
    let scalars = (0..<0x300).compactMap(Unicode.Scalar.init).map(String.init).joined()
    let value: JSONValue = [
      "text": .string(scalars),
      "numbers": [0, -1, .integer(.max), 0.1, .real(.leastNonzeroMagnitude)],
      "nested": [[[["deep": [true, false, nil]]]]], "": "empty key",
    ]
    #expect(try parse(value.encoded(indented: indented)) == value)
  }

  @Test func unsignedEqualsIntegerOfSameValue() {
    #expect(JSONValue.unsigned(7) == 7)
    #expect(JSONValue.unsigned(.max) != -1)
    #expect(JSONValue.real(7) != 7)
  }
}
