import Linux

/// Talks to a daemon over its socket, and begins anew when the connection breaks.
final class Conversation<Partner: Dialogue> {
  /// The daemon's socket.
  let path: String
  /// Whether the daemon has answered on the present connection.
  private(set) var isEstablished = false
  /// Why there is no connection; nil before the first attempt and while there is one.
  private(set) var fault: AgentError?
  /// Attempts in a row that came to nothing.
  private(set) var failures = 0

  private let token: UInt64
  private var channel: Channel?
  private var dialogue = Partner()
  private var heard: UInt64 = 0
  private var hasProbed = false
  private var nextAttempt: UInt64 = 0

  private static var firstDelay: UInt64 { 100_000_000 }
  private static var longestDelay: UInt64 { 5_000_000_000 }
  /// After this long without a word the daemon is asked; after twice as long it is given up.
  private static var silence: UInt64 { 10_000_000_000 }

  /// Nothing is connected yet; the descriptor will be known to epoll by a token.
  init(path: String, token: UInt64) {
    self.path = path
    self.token = token
  }

  /// When ``elapse(_:now:)`` has something to do; `CLOCK_MONOTONIC`, nanoseconds.
  var deadline: UInt64 {
    channel == nil ? nextAttempt : heard + Self.silence * (hasProbed ? 2 : 1)
  }

  /// Connects or asks whether the daemon is there, if it is time.
  func elapse(_ epoll: borrowing Epoll, now: UInt64) {
    guard now >= deadline else { return }
    do throws(AgentError) {
      guard let channel else { return try begin(epoll, now: now) }
      guard !hasProbed else {
        throw AgentError(operation: "wait for", subject: path, reason: "no answer")
      }
      hasProbed = true
      try channel.write(dialogue.probe())
    } catch {
      end(because: error, now: now)
    }
  }

  private func begin(_ epoll: borrowing Epoll, now: UInt64) throws(AgentError) {
    let channel = try Channel(to: path)
    let (file, token) = (channel.rawValue, token)
    do throws(LinuxError) {
      try epoll.add(file, token: token)
    } catch {
      throw AgentError(error)
    }
    try channel.write(dialogue.greeting())
    (heard, hasProbed) = (now, false)
    self.channel = channel
  }

  /// Takes one block of what has arrived; epoll tells of the next.
  func receive(now: UInt64) -> [Partner.News] {
    guard let channel else { return [] }
    do throws(AgentError) {
      guard let bytes = try channel.read() else { return [] }
      (heard, hasProbed) = (now, false)
      let reaction = try dialogue.take(bytes)
      try channel.write(reaction.answer)
      if !reaction.news.isEmpty { (isEstablished, fault, failures) = (true, nil, 0) }
      return reaction.news
    } catch {
      end(because: error, now: now)
      return []
    }
  }

  private func end(because error: AgentError, now: UInt64) {
    (channel, dialogue, isEstablished) = (nil, Partner(), false)
    fault = error
    nextAttempt = now + min(Self.firstDelay << min(failures, 10), Self.longestDelay)
    failures += 1
  }
}
