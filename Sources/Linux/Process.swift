private import Glibc

/// Runs a program to its end with this process's environment and files; returns its wait status.
///
/// `arguments` begins with the program's path. Throws ``LinuxError``. The corresponding C functions
/// are `posix_spawn` and `waitpid`.
public func runProcess(_ arguments: [String]) throws(LinuxError) -> CInt {
  let path = arguments.first ?? ""
  var process: pid_t = 0
  var vector: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
  defer { unsafe vector.forEach { unsafe free($0) } }
  let code = unsafe posix_spawn(&process, path, nil, nil, &vector, environ)
  guard code == 0 else {
    throw LinuxError(operation: "posix_spawn", subject: path, code: code)
  }
  var status: CInt = 0
  try check("waitpid", path) { unsafe waitpid(process, &status, 0) }
  return status
}

/// The number of this process. The corresponding C function is `getpid`.
public func processIdentifier() -> Int {
  Int(getpid())
}
