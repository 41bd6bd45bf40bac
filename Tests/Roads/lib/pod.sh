# shellcheck shell=bash
# Pods: a network namespace and a cgroup each, connected by a network list through libcni.

# create_pod NAME [OPTION]...: removes what it made unless all of it succeeds.
create_pod() {
  local name=$1 network=0 family=dual addresses=() annotations='{}'
  shift
  check_pod_name "$name"
  parse_pod_options "$@"
  mkdir "$rundir/pods/$name" 2>/dev/null || fail "pod $name: exists already"
  unfinished_pod=$name
  trap 'remove_pod "$unfinished_pod"' EXIT
  build_pod "$rundir/pods/$name"
  trap - EXIT
  jq . "$rundir/pods/$name/result.json"
}

# announce_pod NAME: the runtime that creates the pod makes its network namespace and cgroup.
announce_pod() {
  local name=$1 network=0 family=dual addresses=()
  check_pod_name "$name"
  with_lock network "${road_kind}_network" "$network"
  "${road_kind}_annotate"
}

check_pod_name() {
  [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$ && $1 != node* ]] || fail "pod '$1': not a valid name"
}

# Sets the variables of create_pod.
parse_pod_options() {
  while (($#)); do
    (($# > 1)) || fail "pod: $1 needs a value"
    case $1 in
      --network) network=$2 ;;
      --family) family=$2 ;;
      --address) addresses+=("$2") ;;
      --annotation) annotations=$(annotate "$annotations" "$2") ;;
      *) fail "pod: unknown option $1" ;;
    esac
    shift 2
  done
  [[ $network =~ ^[0-9]$ ]] || fail "pod: --network $network: expected 0 to 9"
  ((${#addresses[@]} == 0)) || family=$(family_of "${addresses[@]}")
  of_family "$family" 4 6 >/dev/null
}

annotate() {
  [[ $2 == *=* ]] || fail "pod: --annotation $2: expected KEY=VALUE"
  jq -c --arg key "${2%%=*}" --arg value "${2#*=}" '.[$key] = $value' <<<"$1"
}

build_pod() {
  with_lock network "${road_kind}_network" "$network"
  record_pod "$1"
  mkdir -p "$(pod_cgroup "$name")"
  create_netns "$name"
  # Duplicate address detection would only cost time: the addresses are ours to give.
  in_netns "$name" sysctl -qw net.ipv6.conf.default.accept_dad=0
  "${road_kind}_prepare_pod" "$1"
  cni "$name" add >"$1/result.json"
}

record_pod() {
  echo "$network" >"$1/network"
  cat /proc/sys/kernel/random/uuid >"$1/uid"
  tr -d '\n-' < <(cat /proc/sys/kernel/random/uuid /proc/sys/kernel/random/uuid) >"$1/id"
  jq -n --argjson annotations "$annotations" --arg cgroup "/$road_id/$name" '{
    "io.kubernetes.cri.pod-annotations": $annotations, cgroupPath: $cgroup, portMappings: []
  } + if $ARGS.positional == [] then {} else {ips: $ARGS.positional} end
  ' --args "${addresses[@]}" >"$1/capabilities.json"
}

# Succeeds when there is nothing (left) to remove.
remove_pod() {
  local pod_dir=$rundir/pods/$1
  [[ ! -d $(pod_cgroup "$1") ]] || end_cgroup_processes "$(pod_cgroup "$1")"
  if [[ -f $pod_dir/network.conflist ]]; then
    cni "$1" del || echo "road: pod $1: DEL did not succeed" >&2
  fi
  remove_netns "$1"
  remove_cgroup "$(pod_cgroup "$1")"
  rm -rf "$pod_dir" "$ovs_rundir/pods/default.$1.json"
}

# Replaces this process by a command in the pod's cgroup and network namespace.
exec_in_pod() {
  local name=$1
  shift
  [[ ${1-} != -- ]] || shift
  (($#)) || fail "exec $name: no command"
  echo "$BASHPID" >"$(pod_cgroup "$name")/cgroup.procs"
  exec nsenter --net="$(netns_path "$name")" -- "$@"
}

# The address of pod $1, of family $2 or else the first.
pod_address() {
  jq -er --arg family "${2-}" 'first(.ips[].address | split("/")[0]
    | select($family == "" or contains(":") == ($family == "6")))
  ' "$rundir/pods/$1/result.json" || fail "pod $1: has no address of family ${2:-4 or 6}"
}

# Calls deny or allow of the road for both directions and every family two pods share.
between_pods() {
  local action=$1 one=$2 other=$3 network family a b
  require_pod "$other"
  network=$(<"$rundir/pods/$one/network")
  for family in 4 6; do
    a=$(pod_address "$one" $family 2>/dev/null) || continue
    b=$(pod_address "$other" $family 2>/dev/null) || continue
    "${road_kind}_$action" "$network" "$a" "$b"
    "${road_kind}_$action" "$network" "$b" "$a"
  done
}

# balance_to VIP:PORT NAME:PORT
balance_to() {
  local name=${2%:*} host family=4
  host=$(host_of "$1")
  [[ $1 == *:* && $2 == *:* ]] || fail "balance: VIP:PORT and NAME:PORT expected"
  require_pod "$name"
  [[ $host != *:* ]] || family=6
  "${road_kind}_balance" "$(<"$rundir/pods/$name/network")" "$(endpoint "$host" "${1##*:}")" \
    "$(endpoint "$(pod_address "$name" $family)" "${2##*:}")"
}
