import Linux

extension Daemon {
  /// Begins to talk to those that the settings name, and ends what they do not name any more.
  func follow() {
    if settings.database != database?.path {
      database = settings.database.map {
        Conversation(path: $0, token: Source.database.rawValue)
      }
      knowledge = .none
      if database == nil { vswitch = OpenVSwitch() }
      connectionFaults[.database] = nil
    }
    if settings.database == nil { knowledge = .unwanted }
    if settings.bridge != flows?.path {
      flows = settings.bridge.map { Conversation(path: $0, token: Source.flows.rawValue) }
      connectionFaults[.flows] = nil
    }
    if settings.metrics != scrapes?.endpoint { serveMetrics() }
    pacer.interval = settings.revalidationInterval
    needsKeeping = true
  }

  /// That nobody can be told of the figures is no reason to do nothing else.
  private func serveMetrics() {
    scrapes = nil
    guard let endpoint = settings.metrics else { return }
    do throws(AgentError) {
      scrapes = try Scrapes(on: endpoint, of: epoll)
    } catch {
      log(Event(.error, "metrics", ["error": error.description]))
    }
  }

  /// Tells once that a connection is lost, and once that it is there again.
  func noteConnections() {
    if let database {
      note(database, as: .database)
      if database.isEstablished != (knowledge == .current) {
        knowledge = database.isEstablished ? .current : knowledge == .none ? .none : .remembered
        needsKeeping = true
      }
    }
    if let flows { note(flows, as: .flows) }
  }

  private func note<Partner>(_ conversation: Conversation<Partner>, as source: Source) {
    let (before, now) = (connectionFaults[source], conversation.fault)
    if let now, before == nil {
      log(Event(.warn, "away", ["socket": conversation.path, "error": now.description]))
      connectionFaults[source] = now
    } else if before != nil, conversation.isEstablished {
      log(Event(.info, "connected", ["socket": conversation.path]))
      connectionFaults[source] = nil
    }
  }

  /// Reads the settings again; bad ones are reported, and the present ones stay.
  func readSettings() {
    switch reload() {
    case .success(let new):
      configurationFault = nil
      if new.pins != settings.pins {
        log(Event(.warn, "configuration", ["reason": "another bpffs root needs a restart"]))
      }
      if new.adoption != settings.adoption { (needsAdoption, nextAdoption) = (true, 0) }
      let pins = settings.pins
      settings = new
      settings.pins = pins
      (journal.level, journal.format) = (new.logLevel, new.logFormat)
      follow()
      log(Event(.info, "configured"))
    case .failure(let error):
      configurationFault = error
      log(Event(.error, "configuration", ["error": error.description]))
    }
    manager.ready(summary)
  }
}
