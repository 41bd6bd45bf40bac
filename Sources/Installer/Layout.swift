internal import JSON

/// How the elements of a list are written, so that ours looks like its neighbour.
struct Layout {
  /// What comes between the neighbour and ours: a comma and white space.
  let separator: [UInt8]
  /// A line's end and the indentation of the neighbour's closing brace; nil when all is on one line.
  private let closing: [UInt8]?
  /// One more level of indentation.
  private let unit: [UInt8]
  /// There is no white space at all.
  private let isCompact: Bool

  /// Reads it off an element.
  init(of element: JSONText, in text: [UInt8]) {
    let leading = text.whiteSpace(before: element.bytes.startIndex)
    separator = [UInt8(ascii: ",")] + leading.fromLastLineEnd
    let closing = element.bytes.dropLast().whiteSpaceAtEnd.fromLastLineEnd
    let isBroken = closing.contains(UInt8(ascii: "\n"))
    self.closing = isBroken ? closing : nil
    let opening = element.bytes.dropFirst().whiteSpaceAtStart.fromLastLineEnd
    let isDeeper = opening.starts(with: closing) && opening.count > closing.count
    unit = isBroken && isDeeper ? Array(opening.dropFirst(closing.count)) : [0x20, 0x20]
    isCompact = !element.bytes.contains { $0.isWhiteSpace }
  }

  /// An object of these members; the text of other values than objects stays as it is.
  func text(of members: [(key: String, value: JSONText)]) -> [UInt8] {
    guard !isCompact else { return Array(JSONText(members: members).bytes) }
    return text(of: members, level: 1)
  }

  private func text(of members: [(key: String, value: JSONText)], level: Int) -> [UInt8] {
    var text = [UInt8(ascii: "{")]
    for (index, member) in members.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text += lineBreak(level) + JSONText(.string(member.key)).bytes + [UInt8(ascii: ":"), 0x20]
      text += self.text(of: member.value, level: level)
    }
    return text + lineBreak(level - 1) + [UInt8(ascii: "}")]
  }

  private func text(of value: JSONText, level: Int) -> [UInt8] {
    guard let members = value.members, !members.isEmpty else { return Array(value.bytes) }
    return text(of: members, level: level + 1)
  }

  private func lineBreak(_ level: Int) -> [UInt8] {
    guard let closing else { return [0x20] }
    return closing + Array(repeatElement(unit, count: level).joined())
  }
}

extension UInt8 {
  fileprivate var isWhiteSpace: Bool {
    self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d
  }
}

extension [UInt8] {
  fileprivate func whiteSpace(before index: Int) -> [UInt8] {
    self[..<index].whiteSpaceAtEnd
  }

  /// The last line's end and what follows; everything where there is none.
  fileprivate var fromLastLineEnd: [UInt8] {
    guard let end = lastIndex(of: UInt8(ascii: "\n")) else { return self }
    let hasReturn = end > 0 && self[end - 1] == UInt8(ascii: "\r")
    return Array(self[(hasReturn ? end - 1 : end)...])
  }
}

extension ArraySlice<UInt8> {
  fileprivate var whiteSpaceAtEnd: [UInt8] {
    Array(suffix(from: lastIndex { !$0.isWhiteSpace }.map { $0 + 1 } ?? startIndex))
  }

  fileprivate var whiteSpaceAtStart: [UInt8] {
    Array(prefix(while: \.isWhiteSpace))
  }
}
