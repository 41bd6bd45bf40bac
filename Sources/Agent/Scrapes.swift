import Linux

/// Answers whoever asks over HTTP for `/metrics`: one request a connection, no more.
final class Scrapes {
  /// Where it listens.
  let endpoint: Endpoint
  private let listener: Socket
  private var requests: [UInt64: Request] = [:]
  private var nextToken = Daemon.Source.others

  /// Who keeps silent so long is sent away: nanoseconds.
  private static let patience: UInt64 = 5_000_000_000
  private static let requestsMax = 16
  private static let lengthMax = 8192

  private final class Request {
    let socket: Socket
    let deadline: UInt64
    var text: [UInt8] = []

    init(_ socket: consuming Socket, deadline: UInt64) {
      self.socket = socket
      self.deadline = deadline
    }
  }

  /// Listens on an address such as `127.0.0.1:10671`. Throws ``AgentError``.
  init(on endpoint: Endpoint, of epoll: borrowing Epoll) throws(AgentError) {
    let listener = try system { () throws(LinuxError) in try Socket.listen(on: endpoint) }
    let file = listener.rawValue
    do throws(LinuxError) {
      try epoll.add(file, token: Daemon.Source.scrapes.rawValue)
    } catch {
      throw AgentError(error)
    }
    self.listener = listener
    self.endpoint = endpoint
  }

  /// When somebody is sent away; `CLOCK_MONOTONIC`, nanoseconds.
  var deadline: UInt64? { requests.values.map(\.deadline).min() }

  /// Sends away who has kept silent for too long.
  func elapse(now: UInt64) {
    requests = requests.filter { $0.value.deadline > now }
  }

  /// Takes those who have connected.
  func accept(_ epoll: borrowing Epoll, now: UInt64) {
    guard let socket = try? listener.accept() else { return }
    // More than a scraper ever opens: the rest is closed at once.
    guard requests.count < Self.requestsMax else { return }
    let file = socket.rawValue
    guard (try? epoll.add(file, token: nextToken)) != nil else { return }
    requests[nextToken] = Request(socket, deadline: now + Self.patience)
    nextToken += 1
  }

  /// Reads what came of a request, and answers it when it is whole.
  func take(_ token: UInt64, _ metrics: () -> String) {
    guard let request = requests[token] else { return }
    var isOver = false
    do throws(LinuxError) {
      guard let bytes = try request.socket.read() else { return }
      request.text += bytes
      isOver = bytes.isEmpty || request.text.count > Self.lengthMax
    } catch {
      isOver = true
    }
    guard let end = Self.end(of: request.text) else {
      if isOver { requests[token] = nil }
      return
    }
    requests[token] = nil
    let line = String(decoding: request.text[..<end], as: UTF8.self)
    _ = try? request.socket.write(Array(Self.response(to: line, metrics).utf8))
  }

  /// Where the request's first line ends, once its head is whole.
  private static func end(of text: [UInt8]) -> Int? {
    let isWhole = String(decoding: text, as: UTF8.self).hasSuffix("\r\n\r\n")
    return isWhole ? text.firstIndex(of: UInt8(ascii: "\r")) : nil
  }

  private static func response(to line: String, _ metrics: () -> String) -> String {
    let words = line.split(separator: " ")
    guard words.first == "GET", words.count == 3 else {
      return message("405 Method Not Allowed", "only GET\n")
    }
    guard words[1] == "/metrics" else { return message("404 Not Found", "see /metrics\n") }
    return message("200 OK", metrics())
  }

  private static func message(_ status: String, _ body: String) -> String {
    """
    HTTP/1.1 \(status)\r
    Content-Type: text/plain; version=0.0.4\r
    Content-Length: \(body.utf8.count)\r
    Connection: close\r
    \r
    \(body)
    """
  }
}
