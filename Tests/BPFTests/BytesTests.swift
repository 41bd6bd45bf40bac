import BPF
import Testing

@Suite struct BytesTests {
  private typealias Field = (UInt8, UInt8, UInt8, UInt8)

  @Test func shorterContentIsPaddedWithZeros() {
    var field: Field = (9, 9, 9, 9)
    #expect(fill(&field, with: [1, 2]))
    #expect(bytes(of: field) == [1, 2, 0, 0])
  }

  @Test func longerContentChangesNothing() {
    var field: Field = (9, 9, 9, 9)
    #expect(!fill(&field, with: [1, 2, 3, 4, 5]))
    #expect(bytes(of: field) == [9, 9, 9, 9])
  }

  @Test func textEndsAtTheFirstNul() {
    let field: Field = (UInt8(ascii: "o"), UInt8(ascii: "k"), 0, UInt8(ascii: "x"))
    #expect(text(of: field) == "ok")
  }

  @Test func wordsAreThoseOfMemory() {
    let field: (UInt64, UInt64) = (1, UInt64.max)
    #expect(words(of: field) == [1, .max])
  }
}
