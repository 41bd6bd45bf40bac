import TestSupport

extension Command {
  /// The plugin itself, with these variables and this input.
  ///
  /// A shell feeds it: it may end without reading, and who writes then dies of SIGPIPE.
  static func plugin(_ variables: [String: String], input: String) -> Command {
    Command(
      "bash", ["-c", #"printf %s "$0" | "$1""#, input, Products.path("shortcut-cni")],
      environment: variables)
  }
}
