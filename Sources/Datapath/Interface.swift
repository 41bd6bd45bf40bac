import CShortcut

/// The contract between the programs and user space.
public enum Interface {
  /// Changes with every layout: releases of one version understand each other's maps.
  public static let version = Int(SHORTCUT_ABI_VERSION)
}
