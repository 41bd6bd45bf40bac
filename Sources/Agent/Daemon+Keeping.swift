import Datapath
import Linux

extension Daemon {
  /// Does what the time demands.
  func elapse(now: UInt64) {
    database?.elapse(epoll, now: now)
    flows?.elapse(epoll, now: now)
    noteConnections()
    if now >= nextRound { (nextRound, needsKeeping) = (now + Self.round, true) }
    // Nobody tells of changes: any moment may have brought one.
    if isBlind && pacer.deadline == nil { pacer.noteChange() }
    if pacer.takeTurn(now: now) { revalidate() }
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
    let view = view
    do throws(AgentError) {
      try keeper.drop(view).forEach(log)
      if needsAdoption && view.knowledge == .current { try adopt(view, keeper) }
      try keeper.hold(view).forEach(log)
      try watchNamespaces(of: keeper)
      keepingFault = nil
    } catch {
      if error != keepingFault { log(Event(.error, "keep", ["error": error.description])) }
      keepingFault = error
    }
    manager.tell(summary)
  }

  /// Not before it is known what the pods' owners wish, where somebody knows that.
  private func adopt(_ view: NodeView, _ keeper: Keeper) throws(AgentError) {
    let now = monotonicNanoseconds()
    guard now >= nextAdoption else { return }
    nextAdoption = now + Self.round
    var wishes = Wishes()
    if let runtime = Runtime(settings.runtime) {
      do throws(AgentError) {
        wishes = Wishes(try runtime.sandboxes(), prefix: settings.annotationPrefix)
        runtimeFault = nil
      } catch {
        if runtimeFault == nil { log(Event(.warn, "runtime", ["error": error.description])) }
        runtimeFault = error
        return
      }
    }
    needsAdoption = false
    try keeper.adopt(view, as: settings.adoption, wishes).forEach(log)
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
