# shellcheck shell=bash
# What a road, or any road and run of ours, has left on this machine. One line an object.

# $1: a road's id, or nothing for everything with our name.
list_residue() {
  local name=${1:-shortcut} mount
  awk '$3 ~ /^cgroup2?$/ { print $2 }' /proc/mounts | while read -r mount; do
    find "$mount" -mindepth 1 -type d -path "*/$name*" -printf 'cgroup %p\n' 2>/dev/null || true
  done
  find /sys/fs/bpf /sys/class/net /run -mindepth 1 -maxdepth 1 -name "$name*" -printf 'file %p\n' \
    2>/dev/null || true
  residual_mounts "$name"
  residual_processes "${1-}"
}

# Every road has a namespace called node below its directory.
residual_mounts() {
  awk -v name="/$1" -v rundir="$rundir/" '
    index($2, name) || (rundir != "//" && index($2, rundir) == 1) ||
      (rundir == "//" && $1 == "nsfs" && $2 ~ "/netns/node[0-9]*$") { print "mount " $2 }
  ' /proc/mounts
}

# Processes of road $1 or, without it, of any road, and our own programs. What looks for them here is
# one of them, too, and over before the first is described.
residual_processes() {
  local pid ancestors found
  ancestors=" $(ancestors_of "$BASHPID") "
  found=$(
    grep -lszE "^SHORTCUT_ROAD=${1:-.}" /proc/[0-9]*/environ || true
    [[ -n ${1-} ]] || grep -lsE '^shortcut(d|ctl|-cni)$' /proc/[0-9]*/comm || true
  )
  for pid in $(cut -d/ -f3 <<<"$found" | sort -nu); do
    [[ $ancestors == *" $pid "* ]] || describe_process "$pid"
  done
}

# A zombie has no command line, and nothing that could be left behind.
describe_process() {
  local command
  command=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | cut -c1-100) || true
  [[ -z $command ]] || echo "process $1 $command"
}

# Process $1 and those that wait for it.
ancestors_of() {
  local pid=$1
  while [[ -r /proc/$pid/status ]] && ((pid > 1)); do
    echo -n "$pid "
    pid=$(awk '$1 == "PPid:" { print $2 }' "/proc/$pid/status")
  done
}
