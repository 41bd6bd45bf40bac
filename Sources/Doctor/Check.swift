/// Something that can be looked at.
protocol Check {
  /// How it is now. A fault of the examination itself is a finding, too.
  func findings() -> [Finding]
}
