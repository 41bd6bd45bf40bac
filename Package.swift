// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The node has no Swift runtime, libbpf or jansson: every executable carries them.
let selfContained: [LinkerSetting] = [.unsafeFlags(["-static-executable"])]

/// What ArgumentParser's static FoundationEssentials needs and does not name.
let foundation: [LinkerSetting] = [
  .linkedLibrary("_FoundationCollections"), .linkedLibrary("_FoundationCShims"),
  .linkedLibrary("swiftSynchronization"),
]

let package = Package(
  name: "kube-ovn-shortcut",
  products: [
    .executable(name: "shortcut-cni", targets: ["shortcut-cni"]),
    .executable(name: "shortcutd", targets: ["shortcutd"]),
    .executable(name: "shortcutctl", targets: ["shortcutctl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
  ],
  targets: [
    .systemLibrary(name: "CLibBPF", pkgConfig: "libbpf", providers: [.apt(["libbpf-dev"])]),
    .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    .target(name: "CLinux"),
    .target(name: "CShortcut", path: "bpf", sources: ["abi.c"]),

    .target(name: "Linux", dependencies: ["CLinux"], swiftSettings: strict),
    .target(name: "BPF", dependencies: ["CLibBPF", "Linux"], swiftSettings: strict),
    .target(name: "JSON", dependencies: ["CJansson"], swiftSettings: strict),

    .target(name: "CNI", dependencies: ["JSON"], swiftSettings: strict),
    .target(name: "Datapath", dependencies: ["BPF", "CShortcut", "Linux"], swiftSettings: strict),
    .executableTarget(
      name: "EmbedBPF", dependencies: ["Linux"], path: "Sources/Build/EmbedBPF",
      swiftSettings: strict),
    .plugin(
      name: "CompileBPF", capability: .buildTool(), dependencies: ["EmbedBPF"],
      path: "Sources/Build/CompileBPF"),
    .target(
      name: "Programs", dependencies: ["Datapath"], swiftSettings: strict, plugins: ["CompileBPF"]),
    .target(
      name: "Plugin", dependencies: ["CNI", "Datapath", "JSON", "Linux"], swiftSettings: strict),
    .target(
      name: "Agent", dependencies: ["Datapath", "JSON", "Linux", "Programs"],
      swiftSettings: strict),
    .target(name: "Installer", dependencies: ["CNI", "JSON", "Linux"], swiftSettings: strict),
    .target(
      name: "Doctor",
      dependencies: ["Agent", "Datapath", "Installer", "JSON", "Linux", "Programs"],
      swiftSettings: strict),
    .target(name: "Bench", dependencies: ["Datapath", "JSON", "Linux"], swiftSettings: strict),
    .target(
      name: "Commands",
      dependencies: [
        "Agent", "Bench", "Datapath", "Doctor", "Installer", "JSON", "Linux", "Programs",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "shortcut-cni", dependencies: ["CNI", "Linux", "Plugin"], swiftSettings: strict,
      linkerSettings: selfContained),
    .executableTarget(
      name: "shortcutd",
      dependencies: [
        "Commands", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict,
      linkerSettings: selfContained + foundation),
    .executableTarget(
      name: "shortcutctl",
      dependencies: [
        "Commands", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict,
      linkerSettings: selfContained + foundation),

    .executableTarget(
      name: "collide", path: "Tests/Collide",
      cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]),
    .executableTarget(
      name: "intrude", dependencies: ["CShortcut"], path: "Tests/Intrude",
      cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]),
    .executableTarget(
      name: "load-generator", path: "Tests/Bench/LoadGenerator",
      cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]),
    .executableTarget(
      name: "compat", dependencies: ["CShortcut"], path: "Tests/Compat",
      exclude: ["compare.py", "known.txt", "run"],
      cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("pthread")]),
    .executableTarget(
      name: "torture", path: "Tests/Torture",
      cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]),
    .executableTarget(
      name: "load-with-fault", dependencies: ["Datapath", "Linux", "Programs"],
      path: "Tests/FaultLoader", swiftSettings: strict),
    .executableTarget(
      name: "load-other-build", dependencies: ["Datapath", "Linux", "Programs"],
      path: "Tests/OtherBuild", swiftSettings: strict),
    .target(
      name: "TestSupport",
      dependencies: [
        "JSON", "Linux", .product(name: "Subprocess", package: "swift-subprocess"),
      ], path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "AgentTests",
      dependencies: ["Agent", "Datapath", "JSON", "Linux", "Programs", "TestSupport"],
      swiftSettings: strict),
    .testTarget(name: "LinuxTests", dependencies: ["Linux", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strict),
    .testTarget(name: "BPFTests", dependencies: ["BPF", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "BenchTests", dependencies: ["Bench", "JSON", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CNITests", dependencies: ["CNI", "JSON", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "DatapathTests", dependencies: ["Datapath", "Programs", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "DoctorTests",
      dependencies: ["Datapath", "Doctor", "Installer", "JSON", "Linux", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "InstallerTests", dependencies: ["Installer", "JSON", "Linux", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "PluginTests",
      dependencies: [
        "BPF", "CNI", "CShortcut", "Datapath", "JSON", "Linux", "Plugin", "Programs", "TestSupport",
      ],
      exclude: ["Protocol"], swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["Datapath", "JSON", "Linux", "Programs", "TestSupport"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
