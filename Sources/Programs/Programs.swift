// The build plugin adds `ProgramImage.shortcut`, made of `bpf/shortcut.bpf.c`, and likewise
// `ProgramImage.connections` and `ProgramImage.wake` to this module. Only what loads links it.
