private import BPF
private import Linux

/// Wakes senders that the kernel told to wait for memory and will not tell when there is some.
///
/// Its program is made when this value is and vanishes with it; nothing is pinned.
public struct Waker: ~Copyable {
  private let object: BPFObject
  private let iterator: BPFIterator

  /// `image` is `ProgramImage.wake`. Throws ``DatapathError``.
  public init(image: ProgramImage) throws(DatapathError) {
    // Locals first: a noncopyable value whose initializer throws must not be half-made.
    let object = try datapath { () throws(BPFError) in
      try BPFObject(words: image.words, byteCount: image.byteCount, name: "wake")
    }
    let iterator = try datapath { () throws(BPFError) in
      try object.load()
      return try object.iterate("shortcut_wake")
    }
    self.object = object
    self.iterator = iterator
  }

  /// Wakes those of the network namespace at a path, into which the calling thread goes and comes
  /// back. Returns how many. Throws ``DatapathError``.
  public borrowing func wake(inNetnsAt path: String) throws(DatapathError) -> Int {
    let woken = try system { () throws(LinuxError) in
      try NetworkNamespace(path: path).inside {
        Result { () throws(BPFError) in try iterator.records(of: UInt32.self).count }
      }
    }
    return try datapath { () throws(BPFError) in try woken.get() }
  }
}
