// The build plugin adds `ProgramImage.shortcut`, made of `bpf/shortcut.bpf.c`, and
// `ProgramImage.connections` to this module. Only what loads links it.
