import Datapath
import Linux
import Programs

/// Bytes through what is loaded, or through a copy of it where nothing is.
struct LiveCheck: Check {
  let pins: PinDirectory
  let guardian: [String]

  func findings() -> [Finding] {
    do throws(DatapathError) {
      let status = try Status(pins)
      guard status.isLoaded else { return [try copy()] }
      guard status.suspensions.isEmpty else {
        return [
          Finding(
            .warn, "self-test", "not made: the node is paused or held", "shortcutctl resume --node")
        ]
      }
      let report = try LiveTest(pins: pins, image: .connections, guardian: guardian).run()
      return [
        Finding(
          .ok, "self-test",
          "two namespaces and a cable: \(report.shortcutBytes) bytes took the shortcut, "
            + "\(report.stackBytes) the stack, all arrived in order")
      ]
    } catch {
      return [
        Finding(
          .fail, "self-test", error.description,
          "shortcutctl pause --node keeps everything on the stack until this is understood")
      ]
    }
  }

  private func copy() throws(DatapathError) -> Finding {
    let root: ControlGroup
    do throws(LinuxError) {
      root = try ControlGroup.root()
    } catch {
      throw DatapathError(error)
    }
    _ = try Loader(image: .shortcut, pins: pins).test(on: root)
    return Finding(.ok, "self-test", "nothing is loaded; the programs pass on this kernel")
  }
}
