/// How the message program reads the other end's socket.
public enum PeerAccess: String, Sendable, CaseIterable {
  /// Plain loads that the kernel protects from faults (kfunc `bpf_rdonly_cast`, 6.2).
  case cast = "shortcut_redirect"
  /// A helper call for each field (`bpf_probe_read_kernel`).
  case probe = "shortcut_probed"

  /// The program in `bpf/redirect.bpf.c`.
  var program: String { rawValue }
}
