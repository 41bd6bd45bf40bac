import Datapath
import Programs

/// Live connections for whoever asks often: they are listed anew after some seconds.
final class LiveConnections {
  private let pins: PinDirectory
  private var source: Source?
  private var list: ConnectionList?
  private var due: UInt64 = 0

  private static let lifetime: UInt64 = 5_000_000_000
  /// A kernel that cannot list them will not learn it.
  private static let patience: UInt64 = 60_000_000_000

  private final class Source {
    let value: ConnectionSource

    init(_ pins: PinDirectory) throws(DatapathError) {
      value = try ConnectionSource(image: .connections, pins: pins)
    }
  }

  /// Of what is loaded now: another load needs another.
  init(_ pins: PinDirectory) { self.pins = pins }

  /// As it was some seconds ago at most; nil when it cannot be listed. Without the names of pods.
  func recent(now: UInt64) -> ConnectionList? {
    guard now >= due else { return list }
    do throws(DatapathError) {
      if source == nil { source = try Source(pins) }
      list = try source?.value.list(names: PodNames([]))
      due = now + Self.lifetime
    } catch {
      (source, list, due) = (nil, nil, now + Self.patience)
    }
    return list
  }
}
