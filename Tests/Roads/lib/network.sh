# shellcheck shell=bash
# The addresses of every network, and the network list the pods are created with.

subnet4=10.16.0.0/16
gateway4=10.16.0.1
subnet6=fd00:10:16::/112
gateway6=fd00:10:16::1

# Of an IPv4 value $2 and an IPv6 value $3, those of family $1, separated by a comma.
of_family() {
  case $1 in
    4) echo "$2" ;;
    6) echo "$3" ;;
    dual) echo "$2,$3" ;;
    *) fail "--family $1: expected 4, 6 or dual" ;;
  esac
}

# The family of the addresses given.
family_of() {
  case " $* " in
    *:*.* | *.*:*) echo dual ;;
    *:*) echo 6 ;;
    *) echo 4 ;;
  esac
}

# The host of ADDRESS:PORT or [ADDRESS]:PORT, without brackets.
host_of() {
  local host=${1%:*}
  host=${host#[}
  echo "${host%]}"
}

endpoint() {
  if [[ $1 == *:* ]]; then echo "[$1]:$2"; else echo "$1:$2"; fi
}

# The next free addresses of network $1 for family $2.
allocate_addresses() {
  local counter=$rundir/next.$1 index
  index=$(cat "$counter" 2>/dev/null || echo 2)
  echo $((index + 1)) >"$counter"
  of_family "$2" "10.16.$((index / 256)).$((index % 256))" "$(printf 'fd00:10:16::%x' "$index")"
}

# The example network list with this road's paths in place of the node's.
write_network_list() {
  local source=$repository/cni-conf/01-kube-ovn.conflist
  [[ $road_kind == ovn ]] || source=$repository/cni-conf/10-bridge.conflist
  jq --arg socket "$ovs_rundir/kube-ovn-daemon.sock" --arg bpffs "$(setting bpffs-root)" \
    --arg primary "$(setting primary)" --argjson shortcut "$(has_shortcut)" '
      if $primary == "ptp" then .name = $primary else . end
      | .plugins |= map(
        if .type == "kube-ovn" then .server_socket = $socket
        elif .type == "bridge" and $primary == "ptp" then {type: $primary, capabilities, ipam}
        elif .type == "shortcut-cni" then .bpffsRoot = $bpffs
        else . end
        | select(.type != "shortcut-cni" or $shortcut))' "$source" >"$rundir/network.conflist"
}

has_shortcut() {
  if [[ -x $(setting bin)/shortcut-cni ]]; then echo true; else echo false; fi
}

# The list for one pod on the bridge: addresses of family $1 from the pool of network $2.
bridge_list() {
  jq --arg family "$1" --arg pool "$rundir/host-local/$2" '
    .plugins[0].ipam.dataDir = $pool
    | .plugins[0].ipam.ranges |= map(select(
        $family == "dual" or (.[0].subnet | contains(":")) == ($family == "6")))
  ' "$rundir/network.conflist"
}

# Runs libcni's command $2 for pod $1 on its node.
cni() {
  local pod_dir=$rundir/pods/$1
  in_netns "$(node_of "$(<"$pod_dir/network")")" "$(setting cni-driver)" \
    -list "$pod_dir/network.conflist" -capabilities "$pod_dir/capabilities.json" \
    -path "$roads:$(setting bin):/usr/lib/cni:/opt/cni/bin" -cache "$rundir/cache" \
    -id "$(<"$pod_dir/id")" -netns "$(netns_path "$1")" -pod-name "$1" \
    -pod-uid "$(<"$pod_dir/uid")" "$2"
}

# The namespace in which the plugins of network $1 run.
node_of() {
  if [[ $road_kind == ovn ]] || (($1 == 0)); then echo node; else echo "node$1"; fi
}

# Builds the libcni driver unless it is there and newer than its source; prints its path.
build_cni_driver() {
  local folder=$repository/.build/roads
  mkdir -p "$folder"
  (
    flock 9
    [[ $folder/cni-driver -nt $roads/cni-driver/main.go ]] || compile_cni_driver "$folder"
  ) 9>"$folder/lock"
  echo "$folder/cni-driver"
}

compile_cni_driver() (
  cd "$roads/cni-driver" || exit
  GO111MODULE=off GOFLAGS=-trimpath CGO_ENABLED=0 GOPATH=/usr/share/gocode GOCACHE=$1/go-cache \
    go build -o "$1/cni-driver" . 9>&-
)
