import JSON
import Linux

/// One question to ovsdb-server (RFC 7047, `transact` with `select`).
struct DatabaseQuery {
  /// Why there is no answer.
  struct Fault: Error {
    let reason: String
  }

  let path: String
  private static let patience = 3000

  init(path: String) { self.path = path }

  /// The rows of a table in which a column has a value.
  func select(
    _ table: String, where column: String, is value: String, _ columns: [String]
  ) throws(Fault) -> [JSONValue] {
    let operation: JSONValue = [
      "op": "select", "table": .string(table),
      "where": .array([.array([.string(column), "==", .string(value)])]),
      "columns": .array(columns.map { .string($0) }),
    ]
    let request: JSONValue = [
      "method": "transact", "id": 0, "params": .array(["Open_vSwitch", operation]),
    ]
    let answer = try ask(request)
    let result = answer["result"]?.elements?.first
    guard let rows = result?["rows"]?.elements else {
      throw Fault(reason: "\(path): \(answer.encoded(indented: false))")
    }
    return rows
  }

  private func ask(_ request: JSONValue) throws(Fault) -> JSONValue {
    do {
      let socket = try Socket.connect(to: path)
      try socket.write(Array(request.encoded(indented: false).utf8))
      var stream = JSONStream()
      while let bytes = try socket.read(within: Self.patience), !bytes.isEmpty {
        stream.append(bytes)
        if let text = try stream.next() { return try JSONValue(parsing: text) }
      }
    } catch {
      throw Fault(reason: "\(error)")
    }
    throw Fault(reason: "\(path): no answer")
  }
}
