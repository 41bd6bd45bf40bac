private import Glibc

/// The value of an environment variable, or nil. The corresponding C function is `getenv`.
public func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}

/// Sets an environment variable for this process and those it starts. The corresponding C function
/// is `setenv`.
public func setEnvironment(_ name: String, _ value: String) {
  unsafe setenv(name, value, 1)
}

/// Whether this process is root's. The corresponding C function is `geteuid`.
public func isSuperuser() -> Bool { geteuid() == 0 }
