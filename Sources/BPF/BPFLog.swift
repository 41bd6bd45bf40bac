private import CLibBPF
private import Linux

/// What libbpf prints.
public enum BPFLog {
  /// Errors travel in ``BPFError``; libbpf's own text would only double them.
  public static func silence() {
    guard environment("SHORTCUT_LIBBPF_LOG") == nil else { return }
    unsafe libbpf_set_print { _, _, _ in 0 }
  }
}
