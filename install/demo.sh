#!/usr/bin/env bash
# Measures TCP between two pods of one node, plain and with the shortcut, and prints a table.
set -euo pipefail

install=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=setup.sh
source "$install/setup.sh"

road=$repository/Tests/Roads/road
table=$repository/Tests/Bench/table.py
annotation=ovn.kubernetes.io/tcp_shortcut
sizes=(1 4 16 64 256 1024 4096 16384 65536)
ways=(plain shortcut)
tests=(tcp_lat tcp_bw)

kind=ovn
seconds=4
rounds=1
json=
pin=same
binaries=
rundir=
bpffs_mounted=

usage() {
  cat <<TEXT
usage: install/demo.sh [--seconds N] [--rounds N] [--road ovn|bridge] [--pin same|cross|none]
                       [--json FILE] [--bin DIRECTORY]

Builds the release binaries, brings up a node of its own with four pods, two of them with the
shortcut, all created through the same CNI network list, and measures with qperf, plain and
shortcut in turn. Everything is removed at the end, also after ctrl-C.

--seconds N     how long each point is measured (default $seconds: 3 minutes in all)
--rounds N      measure everything N times and take the medians (default $rounds)
--road          ovn: a private OVN with the userspace datapath (default)
                bridge: veth pairs on a Linux bridge with conntrack
--pin           same: client and server on CPU 0 (default: no idle CPU has to be woken, so that the
                road itself is measured); cross: client on CPU 0, server on CPU 1; none: where
                the scheduler puts them
--json FILE     write every sample, the table and the counters to FILE
--bin DIRECTORY take the binaries from there instead of building them
TEXT
}

parse() {
  while (($#)); do
    case $1 in
      -h | --help) usage && exit 0 ;;
      --seconds | --rounds | --road | --pin | --json | --bin)
        (($# > 1)) || fail "$1: needs a value"
        option "$1" "$2"
        shift 2
        ;;
      *) fail "$1: unknown option; see --help" ;;
    esac
  done
}

option() {
  case $1=$2 in
    --seconds=[1-9] | --seconds=[1-9][0-9] | --seconds=[1-9][0-9][0-9]) seconds=$2 ;;
    --rounds=[1-9] | --rounds=[1-9][0-9]) rounds=$2 ;;
    --road=ovn | --road=bridge) kind=$2 ;;
    --pin=same | --pin=cross | --pin=none) pin=$2 ;;
    --json=?*) json=$(realpath -m "$2") ;;
    --bin=?*) binaries=$(realpath -m "$2") ;;
    *) fail "$1 $2: not a valid value; see --help" ;;
  esac
}

shortcutctl() {
  "$binaries/shortcutctl" "$1" --bpffs-root "$bpffs" "${@:2}"
}

bring_up() {
  step "bringing up the node: $kind"
  "$road" up "$kind" "$rundir/road" --bin "$binaries"
  bpffs=$("$road" bpffs "$rundir/road")
  remember_bpffs
  shortcutctl load --cgroup "$("$road" cgroup "$rundir/road")" >&2
  create_pair plain false
  create_pair shortcut all
}

# `load` mounts bpffs where it is missing; what was not there before goes away again.
remember_bpffs() {
  awk '$3 == "bpf" && $2 == "/sys/fs/bpf" { found = 1 } END { exit !found }' /proc/mounts ||
    bpffs_mounted=yes
}

# A client and a server pod with the annotation's value $2; qperf uses blocking sockets, so "all".
create_pair() {
  local role
  for role in client server; do
    "$road" pod "$rundir/road" "$1-$role" --family 4 --annotation "$annotation=$2" >/dev/null
  done
  run_in "$1" server qperf >/dev/null 2>&1 &
  disown
}

# Runs a command in pod $1-$2, on the CPU --pin gives the role.
run_in() {
  local place=()
  case $pin-$2 in
    same-* | cross-client) place=(taskset -c 0) ;;
    cross-server) place=(taskset -c 1) ;;
  esac
  exec "$road" exec "$rundir/road" "$1-$2" -- "${place[@]}" "${@:3}"
}

measure() {
  local round size way done=0 total=$((rounds * ${#sizes[@]} * ${#ways[@]}))
  for ((round = 1; round <= rounds; round++)); do
    for size in "${sizes[@]}"; do
      for way in "${ways[@]}"; do
        progress $((done++)) $total "$size bytes, $way"
        sample "$size" "$way"
      done
    done
  done
  progress "$total" "$total" "done"
  echo >&2
}

progress() {
  if [[ -t 2 ]]; then
    printf '\r[%2d/%d] %-30s' "$@" >&2
  else
    printf '[%2d/%d] %s\n' "$@" >&2
  fi
}

# qperf as kube-ovn's documentation runs it, for one size, one way.
sample() {
  local server output=$rundir/qperf.$2.$1
  server=$("$road" address "$rundir/road" "$2-server" 4)
  # In the background, because a signal interrupts only the wait for it.
  run_in "$2" client timeout $((seconds * 2 + 20)) \
    qperf -t "$seconds" --wait_server 5 "$server" -ub -oo "msg_size:$1" -vu "${tests[@]}" \
    >"$output" 2>&1 &
  wait $! || sample_failed $? "$1 bytes, $2" "$output"
  python3 "$table" sample "$1" "$2" <"$output" >>"$rundir/samples"
}

# $1: exit status, 124 when it took too long; $2: what; $3: its output.
sample_failed() {
  echo >&2
  cat "$3" >&2
  fail "qperf ${tests[*]}, $2: ended with status $1"
}

report() {
  shortcutctl status --json >"$rundir/status.json"
  describe
  python3 "$table" print "$rundir/samples"
  echo
  shortcutctl status
  [[ -z $json ]] || write_json
  (($(jq .counters.shortcut_messages "$rundir/status.json") > 0)) ||
    fail "no message took the shortcut: see the counters above"
}

describe() {
  local position="on CPUs 0 and 1"
  [[ $pin != same ]] || position="on CPU 0"
  [[ $pin != none ]] || position="where the scheduler puts them"
  echo "TCP between two pods of one node, road $kind, qperf, $seconds s a point, $rounds round(s),"
  echo "client and server $position, $(nproc) CPUs, Linux $(uname -r)"
  echo
}

write_json() {
  python3 "$table" json "$rundir/samples" | jq --slurpfile status "$rundir/status.json" \
    --arg road "$kind" --argjson seconds "$seconds" --argjson rounds "$rounds" \
    --arg kernel "$(uname -r)" --argjson cpus "$(nproc)" --arg placement "$pin" \
    '{$road, $seconds, $rounds, $kernel, $cpus, $placement} + . + {status: $status[0]}' >"$json"
}

clean_up() {
  local status=$?
  trap '' INT TERM HUP
  trap - EXIT
  [[ -n $rundir ]] || exit "$status"
  tear_down || status=1
  exit "$status"
}

tear_down() {
  local left
  step "cleaning up"
  [[ -z ${bpffs-} ]] || shortcutctl unload >&2 || true
  "$road" down "$rundir/road"
  [[ -z $bpffs_mounted ]] || umount /sys/fs/bpf || true
  left=$("$road" residue "$rundir/road")
  rm -rf "$rundir"
  [[ -z $left ]] || echo "demo.sh: left behind:"$'\n'"$left" >&2
  [[ -z $left ]]
}

main() {
  parse "$@"
  setup
  [[ -n $binaries ]] || build_release
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  rundir=$(mktemp -d "${TMPDIR:-/tmp}/shortcut-demo.XXXXXX")
  bring_up
  measure
  report
}

main "$@"
