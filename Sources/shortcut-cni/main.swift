import CNI
import Glibc
import Linux
import Plugin

ignoreBrokenPipes()
let outcome = CNI.run(
  environment: Linux.environment, input: readConfiguration,
  plugin: ShortcutPlugin(node: LiveNode()))
exit(emit(outcome))
