import Datapath
import Linux

extension Daemon {
  /// Does what the time demands.
  func elapse(now: UInt64) {
    database?.elapse(epoll, now: now)
    flows?.elapse(epoll, now: now)
    noteConnections()
    if let time = nextRelease, now >= time { (nextRelease, needsKeeping) = (nil, true) }
    if now >= nextRound || nextRepair.map({ now >= $0 }) == true { checkPins() }
    if now >= nextRound { (nextRound, needsKeeping) = (now + Self.round, true) }
    // Nobody tells of changes: any moment may have brought one.
    if isBlind && pacer.deadline == nil { pacer.noteChange() }
    if pacer.takeTurn(now: now) { revalidate() }
    if now >= memory.deadline { watchTLS() }
    watchMemory(now: now)
    scrapes?.elapse(now: now)
    journal.elapse(now: now)
  }

  /// Open vSwitch runs, and how its flows change is not seen though somebody wants that.
  var isBlind: Bool {
    database?.isEstablished == true && flows?.isEstablished == false
  }

  private func revalidate() {
    guard let keeper else { return }
    do throws(AgentError) {
      try keeper.revalidate()
      revalidations += 1
    } catch {
      log(Event(.error, "revalidate", ["error": error.description]))
    }
  }

  /// Makes everything agree again.
  func keep() {
    needsKeeping = false
    guard let keeper else { return }
    // A crowd of events costs a fifth of one processor at most, however many pods there are.
    let (view, start) = (view, monotonicNanoseconds())
    defer {
      let end = monotonicNanoseconds()
      nextKeeping = end + 4 * (end - start)
    }
    var fault: AgentError?
    // What must not take the shortcut comes first, and nothing else keeps it from being done.
    attempt(&fault) { () throws(AgentError) in try keeper.hold(view, now: start).forEach(log) }
    attempt(&fault) { () throws(AgentError) in try keeper.drop(view).forEach(log) }
    attempt(&fault) { () throws(AgentError) in try adopt(view, keeper, now: start) }
    attempt(&fault) { () throws(AgentError) in try watchNamespaces(of: keeper) }
    if let fault, fault != keepingFault {
      log(Event(.error, "keep", ["error": fault.description]))
    }
    keepingFault = fault
    nextRelease = keeper.deadline(now: start)
    manager.tell(summary)
  }

  private func attempt(
    _ fault: inout AgentError?, _ step: () throws(AgentError) -> Void
  ) {
    do throws(AgentError) {
      try step()
    } catch {
      fault = fault ?? error
    }
  }

  /// At first all pods that nothing is registered for; later those for which nothing was for a
  /// round: the plugin may be about to register it, or has just removed it.
  private func adopt(_ view: NodeView, _ keeper: Keeper, now: UInt64) throws(AgentError) {
    guard view.knowledge == .current else { return }
    try keeper.noteStrangers(view, now: now)
    let due =
      needsAdoption
      ? view : keeper.strangers(of: view, since: now > Self.round ? now - Self.round : 0)
    guard now >= nextAdoption, needsAdoption || !due.pods.isEmpty else { return }
    nextAdoption = now + Self.round
    try adopt(due, keeper)
  }

  /// Not before it is known what the pods' owners wish, where somebody knows that.
  private func adopt(_ view: NodeView, _ keeper: Keeper) throws(AgentError) {
    var wishes = Wishes()
    if let runtime = Runtime(settings.runtime) {
      do throws(AgentError) {
        wishes = Wishes(try runtime.sandboxes(), settings)
        runtimeFault = nil
      } catch {
        if runtimeFault == nil { log(Event(.warn, "runtime", ["error": error.description])) }
        runtimeFault = error
        return
      }
    }
    needsAdoption = false
    let events = try keeper.adopt(view, as: settings.adoption, wishes)
    events.forEach(log)
    needsKeeping = events.contains { $0.name == "adopt" && $0.level == .info }
  }

  private var view: NodeView {
    NodeView(
      knowledge, pods: vswitch.pods, nodeRestriction: vswitch.nodeRestriction,
      restrictedPods: vswitch.restrictedPods)
  }

  /// So that the end of a pod is seen whose end nobody reports.
  private func watchNamespaces(of keeper: Keeper) throws(AgentError) {
    for directory in Set(try keeper.registered().map(\.value.namespaceDirectory)) {
      // It may be gone, or out of sight: rounds are made anyhow.
      _ = try? inotify.watch(directory)
    }
  }
}
