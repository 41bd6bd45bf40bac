private import CLibBPF
private import Glibc
import Linux

/// A program that the kernel runs for each element of a map, or each socket, when somebody reads; it
/// ends with this value.
public struct BPFIterator: ~Copyable {
  private let link: Descriptor
  private let name: String

  init(owning link: consuming Descriptor, name: String) {
    self.link = link
    self.name = name
  }

  /// Runs it once over all elements; what it wrote, which is a sequence of records of one layout.
  ///
  /// Throws ``BPFError``. The corresponding C functions are `bpf_iter_create` and `read`.
  public borrowing func records<Record: BitwiseCopyable>(
    of type: Record.Type
  ) throws(BPFError) -> [Record] {
    let content = try read()
    let size = MemoryLayout<Record>.size
    return unsafe content.withUnsafeBytes { buffer in
      (0..<content.count / size).map {
        unsafe buffer.loadUnaligned(fromByteOffset: $0 * size, as: Record.self)
      }
    }
  }

  private borrowing func read() throws(BPFError) -> [UInt8] {
    let link = link.rawValue
    let file = Descriptor(owning: try check("bpf_iter_create", name) { bpf_iter_create(link) })
    var content: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe block.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(file.rawValue, buffer.baseAddress, buffer.count)
      }
      let code = errno
      guard count != 0 else { return content }
      guard count > 0 || code == EINTR || code == EAGAIN else {
        throw BPFError(operation: "read iterator", subject: name, code: code)
      }
      if count > 0 { content += block[..<count] }
    }
  }
}
