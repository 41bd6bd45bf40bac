private import BPF
import CShortcut
private import Glibc
private import Linux

/// Lists the live connections of a loaded datapath.
///
/// Its program is made when this value is and vanishes with it; nothing is pinned or attached to
/// what handles the connections.
public struct ConnectionSource: ~Copyable {
  private let object: BPFObject
  private let iterator: BPFIterator
  private let pins: PinDirectory

  /// Opens the pins. `image` is `ProgramImage.connections`.
  ///
  /// Throws ``DatapathError``: `ENOENT` when nothing is loaded there, `EPROTO` when another release
  /// is, `ENOTSUP` when the kernel cannot list.
  public init(image: ProgramImage, pins: PinDirectory) throws(DatapathError) {
    let feature = BPFFeature.socketStorageIterator
    // Locals first: a noncopyable value whose initializer throws must not be half-made.
    let object = try datapath { () throws(BPFError) in
      try BPFObject(words: image.words, byteCount: image.byteCount, name: "connections")
    }
    let sockets = try datapath { () throws(BPFError) in
      try BPFMap<Int32, shortcut_socket>(pinnedAt: pins.path(of: .sockets))
    }
    do throws(BPFError) {
      try object.load()
    } catch {
      guard feature.isPresent else {
        throw DatapathError(
          operation: "list connections on kernel \(Kernel.release)", subject: "missing \(feature)",
          code: ENOTSUP)
      }
      throw DatapathError(error)
    }
    let iterator = try datapath { () throws(BPFError) in
      try object.iterate("shortcut_connections", over: sockets)
    }
    self.object = object
    self.iterator = iterator
    self.pins = pins
  }

  /// The connections of this moment, with the names of the pods that are registered.
  ///
  /// Throws ``DatapathError``.
  public borrowing func list() throws(DatapathError) -> ConnectionList {
    try list(names: PodNames(Registry(pins).all().map(\.value)))
  }

  /// The connections of this moment.
  public borrowing func list(names: PodNames) throws(DatapathError) -> ConnectionList {
    let records = try datapath { () throws(BPFError) in
      try iterator.records(of: shortcut_connection.self)
    }
    return ConnectionList(records, names: names, now: monotonicNanoseconds())
  }
}
