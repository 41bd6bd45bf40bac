private import CLinux
private import Glibc

/// Receives signals as something that can be read.
public struct SignalDescriptor: ~Copyable {
  private let descriptor: Descriptor

  /// Signals that a daemon answers.
  public enum Signal: Sendable, Hashable, CaseIterable {
    /// `SIGTERM` or `SIGINT`
    case terminate
    /// `SIGHUP`
    case reload
  }

  /// Blocks the signals for the calling thread. Throws ``LinuxError``. The C function is `signalfd`.
  public init() throws(LinuxError) {
    let signals = [SIGTERM, SIGINT, SIGHUP]
    descriptor = Descriptor(
      owning: try check("signalfd", "") {
        unsafe clinux_signal_descriptor(signals, CInt(signals.count))
      })
  }

  /// For ``Epoll``.
  public var rawValue: CInt { descriptor.rawValue }

  /// The next signal that arrived, or nil. Throws ``LinuxError``.
  public borrowing func next() throws(LinuxError) -> Signal? {
    let file = descriptor.rawValue
    switch try check("read", "signalfd", { clinux_next_signal(file) }) {
    case 0: return nil
    case SIGHUP: return .reload
    default: return .terminate
    }
  }
}
