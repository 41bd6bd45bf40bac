/// Texts of network lists, odd ones among them.
enum Samples {
  static let kubeOVN = """
    {
      "name": "kube-ovn",
      "cniVersion": "0.3.1",
      "plugins": [
        {
          "type": "kube-ovn",
          "server_socket": "/run/openvswitch/kube-ovn-daemon.sock"
        },
        {
          "type": "portmap",
          "capabilities": {
            "portMappings": true
          }
        }
      ]
    }

    """

  /// Each without an entry of ours.
  static let lists = [
    kubeOVN,
    kubeOVN.replacing("\n", with: "\r\n"),
    kubeOVN.replacing("  ", with: "\t"),
    kubeOVN.replacing("  ", with: "        "),
    kubeOVN + "\n\n \t\r\n",
    String(kubeOVN.dropLast()),
    kubeOVN.filter { !$0.isWhitespace },
    #"{"name":"a","plugins":[{"type":"b"}]}"#,
    #"{ "name": "a", "plugins": [ { "type": "b" }, { "type": "c" } ] }"#,
    #"{"plugins":[{"type":"b"} , {"type":"c"}   ], "name" :"a"}"#,
    "{\"name\":\"a\",\"plugins\":[{\n  \"type\": \"b\"\n}, {\n  \"type\": \"c\"\n}]}",
    "{\"name\":\"a\",\"plugins\":[\n\n\n  {\"type\": \"b\"}\n\n\n]}",
    "{\"name\":\"a\",\"plugins\":[\r  {\"type\": \"b\"}\r]}",
    // Other lists of that name, before and after, in objects and in strings.
    #"{"x":{"plugins":[{"type":"no"}]},"name":"a","plugins":[{"type":"b","plugins":[{}]}],"y":{"plugins":[]}}"#,
    #"{"name":"],\"plugins\":[{\"type\":\"no\"}]","plugins":[{"type":"b","s":"}]\\\""}]}"#,
    // The last of equal keys counts.
    #"{"name":"a","plugins":[{"type":"no"}],"plugins":[{"type":"b"}]}"#,
    #"{"name":"a","plugins":[{"type":"shortcut-cni"}],"plugins":[{"type":"no","type":"b"}]}"#,
    #"{"name":"a","plug\u0069ns":[{"\u0074ype":"b"}]}"#,
    #"{"name":"a","Plugins":[{"type":"no"}],"plugins":[{"TYPE":"b"}]}"#,
    #"{"name":"a","n":123456789012345678901234567890.10,"e":1E+2,"z":-0.0,"plugins":[{"type":"b","mtu":1e3}]}"#,
    #"{"name":"\ud83d\ude00 é 漢 \u0000","plugins":[{"type":"b","e":"","l":[[],[{}]],"o":{}}]}"#,
    #"{"name":"","cniVersion":"1.1.0","cniVersions":["0.4.0"],"disableCheck":true,"plugins":[{"type":"b"}]}"#,
    " \n\t{\"name\":\"a\",\"plugins\":[{\"type\":\"b\"}]}",
  ]

  /// None of these is taken by libcni.
  static let refused = [
    "", " \n", "\0\0\0\0", "{", "[]", "null", "\u{feff}" + kubeOVN, kubeOVN + "}",
    String(kubeOVN.dropLast(4)), String(kubeOVN.dropLast(40)), "// no comments\n" + kubeOVN,
    #"{"plugins":[{"type":"b"}]}"#, #"{"name":1,"plugins":[{"type":"b"}]}"#,
    #"{"name":"a"}"#, #"{"name":"a","plugins":[]}"#, #"{"name":"a","plugins":{"type":"b"}}"#,
    #"{"name":"a","plugins":[{"type":"b"},]}"#, #"{"name":"a","plugins":[{"type":""}]}"#,
    #"{"name":"a","plugins":[{"type":"b"},{}]}"#, #"{"name":"a","plugins":["b"]}"#,
    #"{"name":"a","plugins":[{"type":1}]}"#, #"{"name":"a","PLUGINS":[{"type":"b"}]}"#,
    #"{"name":"a","cniVersion":1,"plugins":[{"type":"b"}]}"#,
    #"{"name":"a","plugins":[{"type":"b"}],"plugins":[]}"#,
    #"{"name":"a","x":1e999,"plugins":[{"type":"b"}]}"#, #"{"name":"a","type":"bridge"}"#,
  ]
}

/// Network lists of random members in a random layout.
struct RandomList {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> String {
    let plugins = array(of: 1 + below(4)) { source in
      source.object([("type", #""p\#(source.below(9))""#)] + source.extras())
    }
    var members = [("name", #""n""#), ("cniVersion", #""1.0.0""#), ("plugins", plugins)] + extras()
    members.swapAt(2, below(members.count))
    return space() + object(members) + space()
  }

  private mutating func extras() -> [(String, String)] {
    (0..<below(3)).map { index in
      let value = value(depth: 0)
      return (["plugins ", "capabilities", #"k\u0065y"#][index], value)
    }
  }

  private mutating func value(depth: Int) -> String {
    switch below(depth > 2 ? 4 : 6) {
    case 0: "1.50e+3"
    case 1: "true"
    case 2: #""],{\"plugins\":[\\""#
    case 3: "123456789012345678901234567890"
    case 4: array(of: below(3)) { $0.value(depth: depth + 1) }
    default: object([("plugins", value(depth: depth + 1))])
    }
  }

  private mutating func object(_ members: [(String, String)]) -> String {
    let items = members.map { key, value in space() + "\"\(key)\"" + space() + ":" + space() + value
    }
    return "{" + items.joined(separator: space() + ",") + space() + "}"
  }

  private mutating func array(
    of count: Int, _ element: (inout RandomList) -> String
  ) -> String {
    var items: [String] = []
    for _ in 0..<count { items.append(space() + element(&self) + space()) }
    return "[" + items.joined(separator: ",") + (count == 0 ? space() : "") + "]"
  }

  private mutating func space() -> String {
    ["", "", " ", "\n", "\n  ", "\r\n\t", "\t", "   \n\n "][below(8)]
  }

  /// xorshift64: the same lists in every run.
  private mutating func below(_ limit: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(limit))
  }
}
