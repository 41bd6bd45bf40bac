// Runs a compiler (arguments 4...) that writes argument 1, and turns that object into a Swift file
// (argument 2) with the name given by argument 3.
private import Glibc
private import Linux

private func embed(object: String, image: String, name: String) throws(LinuxError) {
  let file = try Descriptor.open(object)
  let bytes = try readAll(from: file.rawValue, subject: object, limit: 4 << 20) ?? []
  let output = try Descriptor.open(image, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
  let text = source(of: bytes, name: name)
  try writeAll(Array(text.utf8), to: output.rawValue, subject: image)
}

/// Words, not bytes: an array literal of bytes takes the compiler eight times as long.
private func source(of bytes: [UInt8], name: String) -> String {
  let padded = bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
  let words = stride(from: 0, to: padded.count, by: 8).map { start in
    "0x"
      + String((0..<8).reduce(UInt64(0)) { $0 | UInt64(padded[start + $1]) << ($1 * 8) }, radix: 16)
  }
  return """
    public import Datapath

    extension ProgramImage {
      /// The object made of `bpf/\(name).bpf.c`.
      public static let \(name) = ProgramImage(byteCount: \(bytes.count), words: [\(words.joined(separator: ","))])
    }

    """
}

guard CommandLine.arguments.count > 4 else {
  print("usage: EmbedBPF OBJECT IMAGE NAME COMPILER [ARGUMENT...]")
  exit(2)
}
do throws(LinuxError) {
  guard try runProcess(Array(CommandLine.arguments[4...])) == 0 else { exit(1) }
  try embed(
    object: CommandLine.arguments[1], image: CommandLine.arguments[2],
    name: CommandLine.arguments[3])
} catch {
  print(error)
  exit(1)
}
