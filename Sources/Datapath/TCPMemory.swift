private import Linux

/// How much memory all of TCP holds, and how much is much (`net.ipv4.tcp_mem`); pages.
public struct TCPMemory: Sendable, Hashable {
  /// What is held and counted.
  public var pages: Int
  /// From there on memory is short, and then until it is under `ample`.
  public var pressure: Int
  /// Under this nothing is short any more.
  public var ample: Int
  /// What CPUs may hold without having counted it yet.
  public var uncounted: Int

  /// States it.
  public init(pages: Int, pressure: Int, ample: Int, uncounted: Int) {
    self.pages = pages
    self.pressure = pressure
    self.ample = ample
    self.uncounted = uncounted
  }

  /// Reads the texts of `/proc/net/sockstat` and `tcp_mem`; nil where they do not tell.
  public init?(sockets: String, limits: String, uncounted: Int = Self.uncounted) {
    let limits = limits.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    let words = sockets.split(separator: "\n").first { $0.hasPrefix("TCP:") }?.split(separator: " ")
    guard let words, let place = words.firstIndex(of: "mem"), place + 1 < words.count,
      let pages = Int(words[place + 1]), limits.count == 3
    else { return nil }
    self.init(pages: pages, pressure: limits[1], ample: limits[0], uncounted: uncounted)
  }

  /// That of this moment; nil where it cannot be read.
  public static var now: TCPMemory? {
    guard let sockets = try? readText("/proc/net/sockstat"),
      let limits = try? readText("/proc/sys/net/ipv4/tcp_mem")
    else { return nil }
    return TCPMemory(sockets: sockets, limits: limits)
  }

  /// Whether it is short, as the programs judge it, if it `was` a moment before.
  public func isShort(was: Bool) -> Bool {
    pages + uncounted > (was ? ample : pressure)
  }

  /// Each CPU keeps up to net.core.mem_pcpu_rsv to itself, and one may be about to take as much
  /// (`sk_memory_allocated_add`).
  public static var uncounted: Int {
    (Kernel.processors + 1) * (setting("mem_pcpu_rsv") ?? 1 << 20 / Kernel.pageSize)
  }
}

/// One of `net.core`, or nil where the kernel does not have it.
func setting(_ name: String) -> Int? {
  let text = try? readText("/proc/sys/net/core/\(name)")
  return text.flatMap { Int($0.prefix { $0.isNumber }) }
}
