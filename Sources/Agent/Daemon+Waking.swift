import Datapath
import Programs

extension Daemon {
  /// What wakes senders, from when it is first needed.
  final class WakingSource {
    let value: Waker

    init() throws(DatapathError) { value = try Waker(image: .wake) }
  }

  /// Looks after TCP's memory. Senders of a sockhash that it had none for are not told when there is
  /// some.
  func watchMemory(now: UInt64) {
    let was = memory.isShort
    let wakes = memory.elapse(now: now) { TCPMemory.now?.isShort(was: $0) ?? false }
    if memory.isShort != was {
      log(Event(memory.isShort ? .warn : .info, memory.isShort ? "memory-short" : "memory-ample"))
    }
    guard wakes, let keeper else { return }
    do throws(AgentError) {
      try wake(keeper)
      wakingFault = nil
    } catch {
      if wakingFault != error { log(Event(.error, "wake", ["error": error.description])) }
      wakingFault = error
    }
  }

  private func wake(_ keeper: Keeper) throws(AgentError) {
    let paths = Set(try keeper.registered().map(\.value.netnsPath))
    if waking == nil {
      waking = try datapath { () throws(DatapathError) in try WakingSource() }
    }
    // A pod may be going: whoever can be woken is.
    for path in paths { _ = try? waking?.value.wake(inNetnsAt: path) }
  }
}
