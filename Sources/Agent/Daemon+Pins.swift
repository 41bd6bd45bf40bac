import Datapath
import Linux

extension Daemon {
  /// Something was registered or removed, loaded or unloaded, or a network namespace came or went.
  func pinsChanged() {
    _ = try? inotify.drain()
    checkPins()
    needsKeeping = true
  }

  /// Makes what is held agree with what is pinned. What was detached was unloaded; what is only not
  /// pinned any more was lost, and is pinned again.
  func checkPins() {
    guard let keeper, let holding = keeper.holding else { return openPins() }
    do throws(AgentError) {
      switch try datapath({ () throws(DatapathError) in try holding.condition() }) {
      case .intact: break
      case .lost: try restorePins(holding)
      case .detached: leave()
      case .replaced:
        try datapath { () throws(DatapathError) in try holding.retire() }
        leave()
      }
      (pinFault, nextRepair) = (nil, nil)
    } catch {
      if error != pinFault { log(Event(.error, "pins", ["error": error.description])) }
      (pinFault, nextRepair) = (error, monotonicNanoseconds() + Self.repairInterval)
    }
  }

  private func restorePins(_ holding: Holding) throws(AgentError) {
    let names = try datapath { () throws(DatapathError) in try holding.restore() }
    watchPins()
    guard !names.isEmpty else { return }
    // What could not be done without them can be done again.
    needsKeeping = true
    log(Event(.warn, "pinned-again", ["pins": names.joined(separator: " ")]))
  }

  private func leave() {
    keeper = nil
    log(Event(.warn, "unloaded", ["pins": settings.pins.path]))
    openPins()
  }

  /// Opens what is loaded, if anything is, and watches the pins.
  func openPins() {
    watchPins()
    openingFault = nil
    guard exists(settings.pins.link) else { return }
    do throws(AgentError) {
      keeper = try Keeper(attached: settings.pins)
      (needsKeeping, needsAdoption) = (true, true)
    } catch {
      openingFault = error
      log(Event(.error, "open", ["pins": settings.pins.path, "error": error.description]))
    }
  }

  private func watchPins() {
    for directory in [settings.pins.parent, settings.pins.path] {
      _ = try? inotify.watch(directory)
    }
  }
}
