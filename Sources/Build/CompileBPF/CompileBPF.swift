import Foundation
import PackagePlugin

/// Compiles the programs in `bpf/` with the toolchain's own clang and embeds the objects as Swift.
@main
struct CompileBPF: BuildToolPlugin {
  /// Each `bpf/NAME.bpf.c` that is an object; other files there are parts of these.
  private static let names = ["shortcut", "connections", "wake"]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    try Self.names.map { name in try command(for: name, context) }
  }

  private func command(for name: String, _ context: PluginContext) throws -> Command {
    let sources = context.package.directoryURL.appending(path: "bpf")
    let object = context.pluginWorkDirectoryURL.appending(path: "\(name).bpf.o")
    let image = context.pluginWorkDirectoryURL
      .appending(path: "ProgramImage+\(name.capitalized).swift")
    let clang = try context.tool(named: "clang").url
    return .buildCommand(
      displayName: "Compiling and embedding \(name).bpf.c",
      executable: try context.tool(named: "EmbedBPF").url,
      arguments: [object.path, image.path, name, clang.path]
        + compilerArguments(name: name, sources: sources, object: object),
      inputFiles: try inputs(in: sources),
      // The object is not listed: SwiftPM would take it for a resource.
      outputFiles: [image])
  }

  private func compilerArguments(name: String, sources: URL, object: URL) -> [String] {
    [
      "-target", "bpf", "-mcpu=v3", "-g", "-O2", "-Wall", "-Wextra", "-Werror",
      "-I", sources.appending(path: "include").path,
      "-idirafter", "/usr/include/\(multiarch)",
      "-c", sources.appending(path: "\(name).bpf.c").path, "-o", object.path,
    ]
  }

  private func inputs(in sources: URL) throws -> [URL] {
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    return (files?.compactMap { $0 as? URL } ?? [])
      .filter { ["c", "h"].contains($0.pathExtension) }
      .sorted { $0.path < $1.path }
  }

  /// Debian keeps <asm/types.h> per architecture.
  private var multiarch: String {
    #if arch(arm64)
      "aarch64-linux-gnu"
    #else
      "x86_64-linux-gnu"
    #endif
  }
}
