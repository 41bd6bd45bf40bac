internal import JSON

extension NetworkList {
  /// The text with our entry, once; the very same text when it is there as it should be, or when
  /// there is no other plugin that it could be chained after.
  ///
  /// Nothing but our entry changes. It comes after the last plugin; one that is there already stays
  /// where it is, unless nothing comes before it.
  func adding(_ entry: Entry) -> [UInt8] {
    guard let first = firstOther else { return text }
    guard let place = own.first(where: { $0 > first }) else {
      return text.applying(removals(of: own) + [addition(of: entry)])
    }
    let replacement = self.replacement(of: place, by: entry)
    return text.applying(removals(of: own.filter { $0 != place }) + replacement)
  }

  /// The text without our entry: what it was before ``adding(_:)``, byte for byte.
  func removingEntries() -> [UInt8] {
    text.applying(removals(of: own))
  }

  /// Where our entries are.
  private var own: [Int] {
    plugins.indices.filter { Entry.isOwn(plugins[$0]) }
  }

  private var firstOther: Int? {
    plugins.firstIndex { !Entry.isOwn($0) }
  }

  private func addition(of entry: Entry) -> Edit {
    guard let neighbour = plugins.last(where: { !Entry.isOwn($0) }) else { return Edit(0..<0, []) }
    let layout = Layout(of: neighbour, in: text)
    let end = neighbour.bytes.endIndex
    return Edit(end..<end, layout.separator + layout.text(of: entry.members))
  }

  private func replacement(of place: Int, by entry: Entry) -> [Edit] {
    let present = plugins[place].members ?? []
    let wanted = entry.merged(with: present)
    let isSame = present.elementsEqual(wanted) {
      $0.key == $1.key && $0.value.bytes == $1.value.bytes
    }
    guard !isSame else { return [] }
    return [
      Edit(plugins[place].bytes.indices, Layout(of: plugins[place], in: text).text(of: wanted))
    ]
  }

  /// Each element with the comma before it; those that begin the list, with the comma after them.
  private func removals(of indices: [Int]) -> [Edit] {
    guard let first = plugins.first, let firstOther else { return [] }
    var edits = indices.filter { $0 > firstOther }.map { index in
      Edit(plugins[index - 1].bytes.endIndex..<plugins[index].bytes.endIndex, [])
    }
    if firstOther > 0 {
      edits.append(Edit(first.bytes.startIndex..<plugins[firstOther].bytes.startIndex, []))
    }
    return edits
  }
}

/// A range of a text and what comes in its place.
private struct Edit {
  let range: Range<Int>
  let replacement: [UInt8]

  init(_ range: Range<Int>, _ replacement: [UInt8]) {
    self.range = range
    self.replacement = replacement
  }
}

extension [UInt8] {
  /// Ranges must not overlap; they may come in any order.
  fileprivate func applying(_ edits: [Edit]) -> [UInt8] {
    var text = self
    for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
      text.replaceSubrange(edit.range, with: edit.replacement)
    }
    return text
  }
}
