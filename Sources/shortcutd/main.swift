private import ArgumentParser
private import Commands

Shortcutd.main()
