import Datapath
import Linux

/// Whether the datapath can be kept.
struct PinCheck: Check {
  let pins: PinDirectory

  func findings() -> [Finding] {
    guard BPFFileSystem.contains(pins.parent) else {
      return [
        Finding(
          BPFFileSystem.isSharedWithNode ? .warn : .fail, "bpffs",
          "no BPF file system at \(pins.parent)",
          BPFFileSystem.isSharedWithNode
            ? "shortcutctl load mounts one"
            : "mount it on the node: mount -t bpf bpffs \(pins.parent)")
      ]
    }
    return [Finding(.ok, "bpffs", pins.parent)]
  }
}
