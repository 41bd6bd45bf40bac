import CNI
import Datapath
import JSON
import Plugin

/// One call of the plugin for one pod.
struct PodCall {
  var version: ProtocolVersion
  var settings: [(String, JSONValue)]
  var annotations: JSONValue
  var runtime: [(String, JSONValue)]
  var addresses: [String]
  var network = "kube-ovn"
  var variables = [
    "CNI_CONTAINERID": "c0ffee", "CNI_NETNS": "/run/netns/pod", "CNI_IFNAME": "eth0",
    "CNI_PATH": "/opt/cni/bin",
    "CNI_ARGS": "K8S_POD_UID=8f0a;K8S_POD_NAME=web-0;IgnoreUnknown=1;K8S_POD_NAMESPACE=shop",
  ]

  var key: AttachmentKey {
    get throws {
      try AttachmentKey(
        containerID: variables["CNI_CONTAINERID"] ?? "",
        interfaceName: variables["CNI_IFNAME"] ?? "")
    }
  }

  var previousResult: String {
    get { givenResult ?? defaultResult }
    set { givenResult = newValue }
  }

  private var givenResult: String?

  init(
    version: ProtocolVersion = .v031, settings: [(String, JSONValue)] = [],
    annotations: JSONValue = .object([]), runtime: [(String, JSONValue)] = [],
    addresses: [String] = ["10.16.0.15/16"]
  ) {
    self.version = version
    self.settings = settings
    self.annotations = annotations
    self.runtime = runtime
    self.addresses = addresses
  }

  private var defaultResult: String {
    let ips = addresses.map { address -> JSONValue in
      .object(
        [
          ("version", address.contains(":") ? "6" : "4"), ("interface", 0),
          ("address", .string(address)),
        ].filter { version.rawValue < "1" || $0.0 != "version" })
    }
    let result: JSONValue = [
      "cniVersion": .string(version.rawValue),
      "interfaces": [["name": "eth0", "sandbox": "/run/netns/pod"]],
      "ips": .array(ips), "dns": .object([]),
    ]
    return result.encoded(indented: true)
  }

  func run(_ command: Command = .add, on node: some Node) -> Outcome {
    let variables = variables.merging(["CNI_COMMAND": command.rawValue]) { $1 }
    let input = Array(configuration.utf8)
    return CNI.run(
      environment: { variables[$0] }, input: { input }, plugin: ShortcutPlugin(node: node))
  }

  var configuration: String {
    let runtime = [("io.kubernetes.cri.pod-annotations", annotations)] + runtime
    let members: [(String, JSONValue)] = [
      ("cniVersion", .string(version.rawValue)), ("name", .string(network)),
      ("type", "shortcut-cni"),
      ("runtimeConfig", .object(runtime)),
    ]
    let text = JSONValue.object(members + settings).encoded(indented: false)
    return text.dropLast() + ",\"prevResult\":\(previousResult)}"
  }
}

extension Outcome {
  var text: String {
    String(decoding: output, as: UTF8.self)
  }

  var error: JSONValue {
    get throws { status == 1 ? try JSONValue(parsing: output) : .null }
  }
}
