import Agent
import Datapath
import Linux
import Programs

/// Everything `status` tells.
struct Overview {
  let status: Status
  /// Nil when nothing is loaded.
  let settings: LoadedSettings?
  /// Nil when nothing is loaded, or it cannot be listed.
  let connections: ConnectionList?
  /// Why connections cannot be listed, or nil.
  let listingFault: DatapathError?
  /// What the kernel lacks. What is loaded has found all that is required.
  let missingFeatures: [KernelFeature]

  /// Looks at the pins. Throws ``DatapathError``; that nothing is loaded is not an error.
  init(_ pins: PinDirectory) throws(DatapathError) {
    status = try Status(pins)
    guard status.isLoaded else {
      (settings, connections, listingFault) = (nil, nil, nil)
      missingFeatures = KernelFeature.probe().filter { !$0.isPresent }
      return
    }
    settings = try LoadedSettings(pins)
    do throws(DatapathError) {
      connections = try ConnectionSource(image: .connections, pins: pins).list()
      (listingFault, missingFeatures) = (nil, [])
    } catch {
      (connections, listingFault) = (nil, error)
      missingFeatures = KernelFeature.probe().filter { !$0.isPresent }
    }
  }
}
