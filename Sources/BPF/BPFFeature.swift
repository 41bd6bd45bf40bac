private import CLibBPF

/// What a kernel may or may not have, found by trying.
public enum BPFFeature: Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// Type information of the kernel itself, for CO-RE.
  case kernelTypes
  /// `BPF_MAP_TYPE_SOCKHASH`
  case sockhash
  /// `BPF_MAP_TYPE_SK_STORAGE`
  case socketStorage
  /// `bpf_get_netns_cookie` in sock_ops programs
  case netnsCookieInSocketOperations
  /// `bpf_sk_storage_get` in sk_msg programs
  case socketStorageInMessages
  /// `bpf_probe_read_kernel` in sk_msg programs
  case probeReadInMessages
  /// `bpf_msg_redirect_hash` in sk_msg programs
  case redirectInMessages
  /// `bpf_iter` over a map of socket storage: for those who list connections
  case socketStorageIterator

  /// Whether the datapath cannot do without it.
  public var isRequired: Bool { self != .socketStorageIterator }

  /// For people who look for it in their kernel's configuration or documentation.
  public var description: String {
    switch self {
    case .kernelTypes: "kernel BTF (CONFIG_DEBUG_INFO_BTF, /sys/kernel/btf/vmlinux)"
    case .sockhash: "BPF_MAP_TYPE_SOCKHASH (CONFIG_BPF_STREAM_PARSER)"
    case .socketStorage: "BPF_MAP_TYPE_SK_STORAGE"
    case .netnsCookieInSocketOperations: "bpf_get_netns_cookie in sock_ops (5.15)"
    case .socketStorageInMessages: "bpf_sk_storage_get in sk_msg (5.8)"
    case .probeReadInMessages: "bpf_probe_read_kernel in sk_msg (5.10)"
    case .redirectInMessages: "bpf_msg_redirect_hash in sk_msg"
    case .socketStorageIterator: "bpf_iter of socket storage (5.9)"
    }
  }

  /// Whether the running kernel has it.
  ///
  /// The corresponding C functions are `libbpf_probe_bpf_helper`, `libbpf_probe_bpf_map_type`.
  public var isPresent: Bool {
    switch self {
    case .kernelTypes: hasKernelTypes
    case .sockhash: libbpf_probe_bpf_map_type(BPF_MAP_TYPE_SOCKHASH, nil) == 1
    case .socketStorage: libbpf_probe_bpf_map_type(BPF_MAP_TYPE_SK_STORAGE, nil) == 1
    case .netnsCookieInSocketOperations:
      hasHelper(BPF_FUNC_get_netns_cookie, in: BPF_PROG_TYPE_SOCK_OPS)
    case .socketStorageInMessages: hasHelper(BPF_FUNC_sk_storage_get, in: BPF_PROG_TYPE_SK_MSG)
    case .probeReadInMessages: hasHelper(BPF_FUNC_probe_read_kernel, in: BPF_PROG_TYPE_SK_MSG)
    case .redirectInMessages: hasHelper(BPF_FUNC_msg_redirect_hash, in: BPF_PROG_TYPE_SK_MSG)
    case .socketStorageIterator: hasFunction("bpf_iter_bpf_sk_storage_map")
    }
  }

  private var hasKernelTypes: Bool {
    guard let types = unsafe btf__load_vmlinux_btf() else { return false }
    unsafe btf__free(types)
    return true
  }

  /// Whether the kernel's type information tells of a function.
  private func hasFunction(_ name: String) -> Bool {
    guard let types = unsafe btf__load_vmlinux_btf() else { return false }
    defer { unsafe btf__free(types) }
    return unsafe btf__find_by_name_kind(types, name, UInt32(BTF_KIND_FUNC as CInt)) > 0
  }

  private func hasHelper(_ helper: bpf_func_id, in type: bpf_prog_type) -> Bool {
    libbpf_probe_bpf_helper(type, helper, nil) == 1
  }
}
