import Datapath

extension Daemon {
  /// Looks whether the kernel's module for TLS was loaded or has gone: nobody tells.
  func watchTLS() {
    let isPresent = KernelTLS.isPresent
    guard let keeper, kernelTLS != isPresent else { return }
    do throws(AgentError) {
      if try keeper.note(kernelTLS: isPresent) {
        log(Event(.info, "kernel-tls", ["present": isPresent ? "yes" : "no"]))
      }
    } catch {
      log(Event(.error, "kernel-tls", ["error": error.description]))
    }
    kernelTLS = isPresent
  }
}
