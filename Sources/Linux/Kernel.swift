private import CLinux
private import Glibc

/// The running kernel.
public enum Kernel {
  /// Its release, for example `6.12.9-amd64`. The corresponding C function is `uname`.
  public static var release: String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let start = buffer.baseAddress,
        unsafe clinux_kernel_release(start, buffer.count) == 0
      else { return "unknown" }
      return unsafe String(cString: start)
    }
  }

  /// How many CPUs are online. The corresponding C function is `sysconf`.
  public static var processors: Int { sysconf(CInt(_SC_NPROCESSORS_ONLN)) }

  /// Bytes of a page. The corresponding C function is `sysconf`.
  public static var pageSize: Int { sysconf(CInt(_SC_PAGESIZE)) }
}
