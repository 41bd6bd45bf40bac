import Testing

@testable import Installer

/// How our entry gets into the text of a network list and out of it.
struct NetworkListTests {
  static let kubeOVN = """
    {
      "name": "kube-ovn",
      "cniVersion": "0.3.1",
      "plugins": [
        {
          "type": "kube-ovn"
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

  @Test func entryLooksLikeItsNeighbour() throws {
    let list = try list(Self.kubeOVN)
    #expect(
      String(decoding: list.adding(Entry()), as: UTF8.self) == """
        {
          "name": "kube-ovn",
          "cniVersion": "0.3.1",
          "plugins": [
            {
              "type": "kube-ovn"
            },
            {
              "type": "portmap",
              "capabilities": {
                "portMappings": true
              }
            },
            {
              "type": "shortcut-cni",
              "capabilities": {
                "io.kubernetes.cri.pod-annotations": true,
                "cgroupPath": true
              }
            }
          ]
        }

        """)
  }
}

struct NoList: Error {
  var reading: NetworkList.Reading
}

func list(_ text: String, name: String = "10-test.conflist") throws -> NetworkList {
  let reading = NetworkList.read(Array(text.utf8), name: name)
  guard case .list(let list) = reading else { throw NoList(reading: reading) }
  return list
}
