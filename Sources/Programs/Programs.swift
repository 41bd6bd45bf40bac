// The build plugin adds `ProgramImage.shortcut`, made of `bpf/shortcut.bpf.c`, to this module. Only
// what loads links it.
