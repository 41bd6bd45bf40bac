/// What differs between two texts, as `diff -u` and `patch` write it: one hunk, three lines around.
func unifiedDifference(_ old: [UInt8], _ new: [UInt8], path: String) -> String {
  guard old != new else { return "" }
  let (before, after) = (lines(of: old), lines(of: new))
  let start = zip(before, after).prefix { $0 == $1 }.count
  let common = min(before.count, after.count) - start
  let end = zip(before.reversed(), after.reversed()).count(upTo: common) { $0 == $1 }
  let first = max(0, start - 3)
  let rest = min(3, end)
  let removed = before[start..<(before.count - end)]
  let added = after[start..<(after.count - end)]
  let leading = before[first..<start]
  let trailing = before[(before.count - end)...].prefix(rest)
  let oldRange = range(first, leading.count + removed.count + trailing.count)
  let newRange = range(first, leading.count + added.count + trailing.count)
  return "--- \(path)\n+++ \(path)\n@@ -\(oldRange) +\(newRange) @@\n"
    + leading.map { marked(" ", $0) }.joined() + removed.map { marked("-", $0) }.joined()
    + added.map { marked("+", $0) }.joined() + trailing.map { marked(" ", $0) }.joined()
}

extension Sequence {
  fileprivate func count(upTo limit: Int, while isTaken: (Element) -> Bool) -> Int {
    var count = 0
    for element in self {
      guard count < limit, isTaken(element) else { return count }
      count += 1
    }
    return count
  }
}

/// Each with its line's end, if it has one.
private func lines(of text: [UInt8]) -> [ArraySlice<UInt8>] {
  var (lines, rest) = ([ArraySlice<UInt8>](), text[...])
  while !rest.isEmpty {
    let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
    lines.append(rest[..<end])
    rest = rest[end...]
  }
  return lines
}

private func range(_ start: Int, _ count: Int) -> String {
  "\(count == 0 ? start : start + 1),\(count)"
}

private func marked(_ mark: String, _ line: ArraySlice<UInt8>) -> String {
  let text = mark + String(decoding: line, as: UTF8.self)
  return line.last == UInt8(ascii: "\n") ? text : text + "\n\\ No newline at end of file\n"
}
