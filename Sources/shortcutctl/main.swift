private import ArgumentParser
private import Commands

Shortcutctl.main()
