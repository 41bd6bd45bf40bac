# shellcheck shell=bash
# Where a road keeps what it made, and the kernel objects it is made of: everything is named after
# RUNDIR, so that any number of roads coexist and a half-built one can still be removed.

# Every process of a road carries this variable, so that those left behind can be found.
export SHORTCUT_ROAD

fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# Sets the globals of the road in directory $1, which need not exist.
select_road() {
  rundir=$(realpath -m -- "$1")
  [[ $rundir =~ ^/[A-Za-z0-9_./-]*$ ]] ||
    fail "$rundir: only letters, digits and _ . / - may occur in the run directory"
  road_id=shortcut-$(sha256sum <<<"$rundir" | cut -c1-8)
  SHORTCUT_ROAD=$road_id
  ovs_rundir=$rundir/openvswitch
  cgroup_mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
  [[ -n $cgroup_mount ]] || fail "cgroup2 is not mounted: mount -t cgroup2 none /sys/fs/cgroup"
  road_cgroup=$cgroup_mount/$road_id
}

require_road() {
  [[ -f $rundir/kind ]] || fail "$rundir: no road is up here: road up {ovn|bridge} $rundir"
  road_kind=$(<"$rundir/kind")
}

require_pod() {
  check_pod_name "$1"
  [[ -d $rundir/pods/$1 ]] || fail "pod $1: no such pod"
}

setting() {
  cat "$rundir/settings/$1"
}

# Network namespaces are files below RUNDIR, bind-mounted as `ip netns` does in /run/netns.
netns_path() {
  echo "$rundir/netns/$1"
}

create_netns() {
  local path
  path=$(netns_path "$1")
  : >"$path"
  unshare --net="$path" ip link set lo up
}

remove_netns() {
  local path
  path=$(netns_path "$1")
  umount "$path" 2>/dev/null || true
  rm -f "$path"
}

in_netns() {
  local path
  path=$(netns_path "$1")
  shift
  nsenter --net="$path" "$@"
}

pod_cgroup() {
  echo "$road_cgroup/$1"
}

end_cgroup_processes() {
  if [[ -w $1/cgroup.kill ]]; then
    echo 1 2>/dev/null >"$1/cgroup.kill" || true
  else
    xargs -r kill -KILL <"$1/cgroup.procs" 2>/dev/null || true
  fi
}

# A cgroup is busy until the last of its processes is gone.
remove_cgroup() {
  local attempt
  for attempt in {1..100}; do
    [[ -d $1 ]] || return 0
    end_cgroup_processes "$1"
    ! rmdir "$1" 2>/dev/null || return 0
    sleep 0.05
  done
  echo "road: cgroup $1: still busy after $attempt attempts" >&2
}

remove_cgroups() {
  local path
  [[ -d $road_cgroup ]] || return 0
  find "$road_cgroup" -depth -type d -print | while read -r path; do
    remove_cgroup "$path"
  done
}

end_daemons() {
  local name
  for name in ovn-controller ovs-vswitchd ovn-northd sb nb conf; do
    end_daemon "$ovs_rundir/$name.pid"
  done
}

# Commands that were interrupted may have left children behind.
end_strays() {
  residual_processes "$road_id" | while read -r _ pid _; do
    kill -KILL "$pid" 2>/dev/null || true
  done
}

# Ends the process whose pid is in file $1, if it still is one of this road.
end_daemon() {
  local attempt pid
  [[ -s $1 ]] || return 0
  pid=$(<"$1")
  is_of_road "$pid" || return 0
  kill "$pid" 2>/dev/null || true
  for attempt in {1..60}; do
    is_of_road "$pid" || return 0
    ((attempt != 40)) || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.05
  done
}

is_of_road() {
  tr '\0' '\n' 2>/dev/null <"/proc/$1/environ" | grep -qx "SHORTCUT_ROAD=$road_id"
}

# Runs a command while holding lock $1 of the road.
with_lock() {
  local lock=$rundir/lock.$1
  shift
  (
    flock 9
    "$@" 9>&-
  ) 9>"$lock"
}
