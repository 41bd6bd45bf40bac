private import Glibc

/// Makes writing to a pipe that nobody reads an error (`EPIPE`) instead of the process's end.
public func ignoreBrokenPipes() {
  signal(SIGPIPE, SIG_IGN)
}

/// Sleeps until SIGTERM or SIGINT arrives. The corresponding C function is `sigwait`.
///
/// To be called from the only thread: the signals are blocked for the caller.
public func waitForTermination() {
  var signals = sigset_t()
  unsafe sigemptyset(&signals)
  for signal in [SIGTERM, SIGINT] { unsafe sigaddset(&signals, signal) }
  unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  var signal: CInt = 0
  unsafe sigwait(&signals, &signal)
}

/// Has this process go on when a terminal or its owner asks it to end.
public func ignoreInterruptions() {
  for name in [SIGINT, SIGTERM, SIGHUP] { signal(name, SIG_IGN) }
}
