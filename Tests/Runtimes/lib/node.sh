# shellcheck shell=bash
# A node for one container runtime: a network and a mount namespace of its own, and a cgroup with
# everything in it. Runtimes keep things in /run, /var/lib and /dev/shm at paths no option moves: the
# node has its own. Ending the cgroup's processes is all it takes to remove their mounts.
#
# State is kept as a road keeps it, see ../../Roads/lib/state.sh.

# shellcheck source=../../Roads/lib/state.sh
source "$runtimes/../Roads/lib/state.sh"
# shellcheck source=../../Roads/lib/residue.sh
source "$runtimes/../Roads/lib/residue.sh"

# VERB RUNDIR [ARGUMENT]...: calls the tool's on_node, or usage.
run_verb() {
  local verb=${1-}
  case $verb in
    -h | --help) usage && return 0 ;;
  esac
  (($# > 1)) || fail "${verb:-no command}: RUNDIR expected; see --help"
  select_node "$2"
  on_node "$verb" "${@:3}"
}

# Sets the globals of the node in directory $1, which need not exist.
select_node() {
  select_road "$1"
  case $rundir/ in
    /run/* | /var/run/* | /var/lib/* | /dev/*) fail "$rundir: the node has another ${rundir%/*}" ;;
  esac
  node_cgroup=$(cat "$rundir/settings/cgroup" 2>/dev/null || echo "$road_cgroup")
}

require_node() {
  [[ -f $rundir/ready ]] || fail "$rundir: no node is up here: $(basename "$0") up $rundir"
}

# What is given to `up` is there.
require_files() {
  local file
  for file in "${plugins[@]}" "${programs[@]}"; do
    [[ -x $file ]] || fail "up: $file: missing or not executable"
  done
  for file in "${lists[@]}"; do
    [[ -f $file ]] || fail "up: $file: no such network list"
  done
}

require_no_node() {
  ((EUID == 0)) || fail "up: must be run as root"
  [[ ! -e $rundir/settings ]] || fail "up: $rundir: a node is up here already"
}

# Sets the variables of `up` from its options.
parse_node_options() {
  parent='' netns='' lists=() plugins=() programs=() daemon=''
  while (($#)); do
    (($# > 1)) || fail "up: $1 needs a value"
    case $1 in
      --cgroup) parent=$2 ;;
      --netns) netns=$2 ;;
      --list) lists+=("$2") ;;
      --plugin) plugins+=("$2") ;;
      --program) programs+=("$2") ;;
      --daemon) daemon=$2 ;;
      *) fail "up: unknown option $1; see --help" ;;
    esac
    shift 2
  done
}

# The node with its plugins, network lists and image; no runtime yet.
up_node() {
  mkdir -p "$rundir"/{settings,bin,net.d}
  [[ -z $parent ]] || node_cgroup=$(realpath -e "$parent")/$road_id
  echo "$node_cgroup" >"$rundir/settings/cgroup"
  link_plugins
  ((${#lists[@]} == 0)) || cp "${lists[@]}" "$rundir/net.d"
  build_image "${programs[@]}"
  start_holder
}

# The plugins given go before others of their names.
link_plugins() {
  local file
  for file in "${plugins[@]}" /usr/lib/cni/* /opt/cni/bin/*; do
    [[ ! -f $file || ! -x $file || -e $rundir/bin/${file##*/} ]] ||
      ln -s "$(realpath "$file")" "$rundir/bin/${file##*/}"
  done
}

# A process that does nothing but keep the node's namespaces. Like all that is started for good, it
# is in a session of its own: ctrl-C is for who waits for it.
start_holder() {
  mkdir -p "$node_cgroup/node"
  (
    echo "$BASHPID" >"$node_cgroup/node/cgroup.procs"
    # shellcheck disable=SC2046 # one word or none
    exec setsid $(namespace_command) unshare --mount --propagation private \
      "$runtimes/lib/hold" "$rundir/ready"
  ) </dev/null >"$rundir/node.log" 2>&1 &
  echo $! >"$rundir/node.pid"
  wait_for "the node" "$rundir/node.log" test -f "$rundir/ready"
}

namespace_command() {
  if [[ -n $netns ]]; then echo "nsenter --net=$netns"; else echo "unshare --net"; fi
}

# wait_for WHAT LOG COMMAND...: until the command succeeds, half a minute at most.
wait_for() {
  local what=$1 log=$2 attempt
  shift 2
  for attempt in {1..300}; do
    ! "$@" >/dev/null 2>&1 || return 0
    sleep 0.1
  done
  fail "$what: not ready after $((attempt / 10)) s: $(tail -n 5 "$log")"
}

# Replaces this (sub)shell by a command of the node.
exec_in_node() {
  echo "$BASHPID" >"$node_cgroup/node/cgroup.procs"
  exec nsenter --target "$(<"$rundir/node.pid")" --mount --net -- "$@"
}

# Succeeds when there is nothing (left) to remove.
down_node() {
  remove_cgroup_tree "$node_cgroup"
  end_strays
  remove_old_cgroups
  rm -rf "${rundir:?}"/{settings,bin,net.d,ready,node.log,node.pid,image*}
}

remove_cgroup_tree() {
  local path
  [[ -d $1 ]] || return 0
  end_cgroup_processes "$1"
  find "$1" -depth -type d -print | while read -r path; do
    remove_cgroup "$path"
  done
}

# Where version 1 hierarchies are mounted as well, runc makes the same cgroups in each of them.
remove_old_cgroups() {
  local mount path=${node_cgroup#"$cgroup_mount"}
  awk '$3 == "cgroup" { print $2 }' /proc/mounts | while read -r mount; do
    remove_cgroup_tree "$mount$path"
    rmdir "$(dirname "$mount$path")" 2>/dev/null || true
  done
}

# The image every container is made of: a shell, and programs $@ with the libraries they need.
build_image() {
  /usr/bin/python3 "$runtimes/lib/image.py" "$rundir/image" "$rundir/image.tar" "$@"
}
