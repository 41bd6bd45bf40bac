# shellcheck shell=bash
# A private OVN on one node: three databases, northd, controller, and vswitchd with the userspace
# datapath or, with `up --datapath system`, the kernel's, in a network namespace that plays the node.
# One logical switch and router a network.

nbctl() {
  ovn-nbctl --timeout=30 --db="unix:$ovs_rundir/ovnnb_db.sock" "$@"
}

vsctl() {
  ovs-vsctl --timeout=30 --db="unix:$ovs_rundir/db.sock" "$@"
}

ovn_up() {
  export OVS_RUNDIR=$ovs_rundir OVN_RUNDIR=$ovs_rundir OVS_SYSCONFDIR=$ovs_rundir
  mkdir -p "$ovs_rundir/pods"
  start_database conf /usr/share/openvswitch/vswitch.ovsschema db.sock
  start_database nb /usr/share/ovn/ovn-nb.ovsschema ovnnb_db.sock
  start_database sb /usr/share/ovn/ovn-sb.ovsschema ovnsb_db.sock
  configure_chassis
  start_daemons
  nbctl init
}

# Database $1 of schema $2, served on socket $3.
start_database() {
  ovsdb-tool create "$ovs_rundir/$1.db" "$2"
  in_netns node ovsdb-server "$ovs_rundir/$1.db" --detach --no-chdir -vconsole:off \
    --remote="punix:$ovs_rundir/$3" --unixctl="$ovs_rundir/$1.ctl" \
    --pidfile="$ovs_rundir/$1.pid" --log-file="$ovs_rundir/$1.log"
}

configure_chassis() {
  vsctl --no-wait init
  vsctl --no-wait set Open_vSwitch . "external_ids:system-id=$road_id" \
    "external_ids:ovn-remote=unix:$ovs_rundir/ovnsb_db.sock" \
    external_ids:ovn-encap-type=geneve external_ids:ovn-encap-ip=127.0.0.1 \
    "external_ids:ovn-bridge-datapath-type=$(setting datapath)"
  vsctl --no-wait add-br br-int \
    -- set Bridge br-int "datapath_type=$(setting datapath)" fail-mode=secure
}

start_daemons() {
  local nb=unix:$ovs_rundir/ovnnb_db.sock sb=unix:$ovs_rundir/ovnsb_db.sock system=--disable-system
  [[ $(setting datapath) != system ]] || system=
  start_daemon ovs-vswitchd "unix:$ovs_rundir/db.sock" ${system:+"$system"}
  start_daemon ovn-northd --ovnnb-db="$nb" --ovnsb-db="$sb"
  start_daemon ovn-controller "unix:$ovs_rundir/db.sock"
  [[ $(setting datapath) == system ]] || forgo_empty_nat
}

start_daemon() {
  in_netns node "$@" --detach --no-chdir -vconsole:off \
    --pidfile="$ovs_rundir/$1.pid" --log-file="$ovs_rundir/$1.log"
}

# OVN would commit every connection with a source NAT that changes nothing. Debian's 3.1.0 keeps a second
# entry for each in user space then, takes it for the first once in some thousand connections, and aborts.
forgo_empty_nat() {
  local datapath
  vsctl wait-until Open_vSwitch . 'datapaths!={}'
  datapath=$(vsctl get Open_vSwitch . datapaths:netdev)
  vsctl wait-until Datapath "$datapath" capabilities:ct_zero_snat=true
  vsctl set Datapath "$datapath" capabilities:ct_zero_snat=false
}

# Networks have overlapping addresses, as the VPCs of two tenants have: own switch, own router.
ovn_network() {
  local switch=network$1 router=vpc$1
  nbctl --may-exist lr-add "$router" \
    -- --may-exist ls-add "$switch" \
    -- --may-exist lrp-add "$router" "$router-$switch" "00:00:00:00:00:0$1" \
    "$gateway4/${subnet4#*/}" "$gateway6/${subnet6#*/}" \
    -- --may-exist lsp-add "$switch" "$switch-$router" \
    -- lsp-set-type "$switch-$router" router \
    -- lsp-set-addresses "$switch-$router" router \
    -- lsp-set-options "$switch-$router" "router-port=$router-$switch" \
    -- --may-exist acl-add "$switch" from-lport 1001 ip allow-related \
    -- --may-exist acl-add "$switch" to-lport 1001 ip allow-related
}

ovn_prepare_pod() {
  cp "$rundir/network.conflist" "$1/network.conflist"
  ovn_annotate
}

# What kube-ovn's controller would have written on the pod; the stand-in plugin reads it.
ovn_annotate() {
  local given
  given=$(IFS=, && echo "${addresses[*]}")
  [[ -n $given ]] || given=$(with_lock addresses allocate_addresses "$network" "$family")
  jq -n --arg ip "$given" --arg cidr "$(of_family "$family" "$subnet4" "$subnet6")" \
    --arg gateway "$(of_family "$family" "$gateway4" "$gateway6")" \
    --arg switch "network$network" --arg router "vpc$network" --arg mac "$(random_mac)" '{
      "ovn.kubernetes.io/allocated": "true",
      "ovn.kubernetes.io/ip_address": $ip,
      "ovn.kubernetes.io/mac_address": $mac,
      "ovn.kubernetes.io/cidr": $cidr,
      "ovn.kubernetes.io/gateway": $gateway,
      "ovn.kubernetes.io/logical_switch": $switch,
      "ovn.kubernetes.io/logical_router": $router
    }' >"$ovs_rundir/pods/default.$name.json"
}

random_mac() {
  printf '00:00:00:%02X:%02X:%02X\n' $((RANDOM % 256)) $((RANDOM % 256)) $((RANDOM % 256))
}

# Network $1: connections to $2 (ADDRESS:PORT) go to $3.
ovn_balance() {
  local name=balance-$1-$2
  nbctl --may-exist lb-add "$name" "$2" "$3" tcp -- --may-exist ls-lb-add "network$1" "$name"
  nbctl --wait=hv sync
}

# Drops everything from $2 to $3 on network $1, as a NetworkPolicy does to live connections too.
ovn_deny() {
  nbctl --may-exist acl-add "network$1" to-lport 2001 "$(ovn_match "$2" "$3")" drop
  nbctl --wait=hv sync
}

ovn_allow() {
  nbctl acl-del "network$1" to-lport 2001 "$(ovn_match "$2" "$3")"
  nbctl --wait=hv sync
}

ovn_match() {
  local field=ip4
  [[ $1 != *:* ]] || field=ip6
  echo "$field.src == $1 && $field.dst == $2"
}
