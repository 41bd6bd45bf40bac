# shellcheck shell=bash
# veth pairs on a Linux bridge, made by the CNI reference plugins; iptables with conntrack sees
# every packet. Each network has a node of its own, because their addresses overlap.

bridge_up() {
  modprobe -q br_netfilter 2>/dev/null || true
  bridge_network 0
}

bridge_network() {
  local node
  node=$(node_of "$1")
  [[ ! -e $rundir/bridge.$node ]] || return 0
  [[ -e $(netns_path "$node") ]] || create_netns "$node"
  in_netns "$node" "$roads/road" _filter
  : >"$rundir/bridge.$node"
}

bridge_prepare_pod() {
  bridge_list "$family" "$network" >"$1/network.conflist"
}

# The plugins of a bridge ask nobody.
bridge_annotate() {
  :
}

# Runs inside the node: packets that cross the bridge are tracked, and let through by their state.
# Neighbour discovery is what conntrack calls untracked.
bridge_filter() {
  local tables
  if [[ -d /proc/sys/net/bridge ]]; then
    echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
    echo 1 >/proc/sys/net/bridge/bridge-nf-call-ip6tables
  fi
  # A pod told to reach a balanced address directly would pass the translation by.
  echo 0 >/proc/sys/net/ipv4/conf/all/send_redirects
  echo 0 >/proc/sys/net/ipv4/conf/default/send_redirects
  for tables in iptables ip6tables; do
    "$tables" -w -A FORWARD -m conntrack --ctstate INVALID -j DROP
    "$tables" -w -A FORWARD -m conntrack --ctstate NEW,ESTABLISHED,RELATED,UNTRACKED -j ACCEPT
    "$tables" -w -P FORWARD DROP
  done
}

# A pod that reaches itself needs another source, or it takes its own packets for forged ones.
# Without br_netfilter replies cross the bridge untranslated, so then every client is hidden.
bridge_balance() {
  local node tables backend clients
  node=$(node_of "$1")
  tables=$(tables_of "$2")
  backend=$(host_of "$3")
  clients=(-s "$backend")
  [[ -d /proc/sys/net/bridge ]] || clients=()
  in_netns "$node" "$tables" -w -t nat -A PREROUTING -p tcp -d "$(host_of "$2")" \
    --dport "${2##*:}" -j DNAT --to-destination "$3"
  in_netns "$node" "$tables" -w -t nat -A POSTROUTING -p tcp "${clients[@]}" -d "$backend" \
    -m conntrack --ctstate DNAT -j MASQUERADE
}

bridge_deny() {
  in_netns "$(node_of "$1")" "$(tables_of "$2")" -w -I FORWARD -s "$2" -d "$3" -j DROP
}

bridge_allow() {
  in_netns "$(node_of "$1")" "$(tables_of "$2")" -w -D FORWARD -s "$2" -d "$3" -j DROP
}

tables_of() {
  if [[ $1 == *:*:* || $1 == \[* ]]; then echo ip6tables; else echo iptables; fi
}
