#!/usr/bin/env bash
# Lists what our runs have left on this machine: processes, cgroups, mounts, pins. Nothing is good.
set -euo pipefail

install=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")" && pwd)
exec "$install/../Tests/Roads/road" residue "$@"
