import Datapath
import Linux

extension Daemon {
  /// Something was registered or removed, loaded or unloaded, or a network namespace came or went.
  func pinsChanged() {
    _ = try? inotify.drain()
    if keeper != nil && modificationTime(settings.pins.link) != attached {
      keeper = nil
      log(Event(.warn, "unloaded", ["pins": settings.pins.path]))
    }
    if keeper == nil { openPins() }
    needsKeeping = true
  }

  /// Opens what is loaded, if anything is, and watches the pins.
  func openPins() {
    for directory in [settings.pins.parent, settings.pins.path] {
      _ = try? inotify.watch(directory)
    }
    let time = modificationTime(settings.pins.link)
    openingFault = nil
    guard time != nil else { return }
    do throws(AgentError) {
      keeper = try Keeper(settings.pins)
      (attached, needsKeeping, needsAdoption) = (time, true, true)
    } catch {
      openingFault = error
      log(Event(.error, "open", ["pins": settings.pins.path, "error": error.description]))
    }
  }
}
