# shellcheck shell=bash
# A node with two kinds of pods on a bridge that conntrack sees: plain ones, and ones that the plugin
# registered.

subnet=10.16.0
subnet6=fd00:10:16::
# A service address that the node translates to the server's, and a port that its pod redirects.
service=10.96.0.1
redirected_port=8000
pods=(client server plain-client plain-server)

node_up() {
  local name index=2
  sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  ip link set lo up
  ip link add br0 type bridge
  ip address add "$subnet.1/16" dev br0
  ip address add "${subnet6}1/112" dev br0 nodad
  ip link set br0 up
  for name in "${pods[@]}"; do
    pod_up "$name" "$index"
    index=$((index + 1))
  done
}

pod_up() {
  mkdir -p "/sys/fs/cgroup/pods/$1"
  ip netns add "$1"
  ip link add "veth$2" type veth peer name eth0 netns "$1"
  ip link set "veth$2" master br0 up
  ip -n "$1" link set lo up
  ip -n "$1" address add "$subnet.$2/16" dev eth0
  ip -n "$1" address add "$subnet6$2/112" dev eth0 nodad
  ip -n "$1" link set eth0 up
  ip -n "$1" route add default via "$subnet.1"
  echo "$2" >"/run/pod.$1"
}

address() {
  echo "$subnet.$(<"/run/pod.$1")"
}

address6() {
  echo "$subnet6$(<"/run/pod.$1")"
}

# Runs a command in the cgroup and the network namespace of pod $1.
inside() {
  local name=$1
  shift
  (
    echo "$BASHPID" >"/sys/fs/cgroup/pods/$name/cgroup.procs"
    exec nsenter --net="/run/netns/$name" -- "$@"
  )
}

# plugin ADD|CHECK|DEL POD [SETTINGS]: calls the plugin as a container runtime does.
plugin() {
  CNI_COMMAND=$1 CNI_CONTAINERID=id-$2 CNI_IFNAME=eth0 CNI_NETNS=/run/netns/$2 CNI_PATH=/bin \
    CNI_ARGS="IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=$2" shortcut-cni <<TEXT
{"cniVersion": "1.0.0", "name": "net", "type": "shortcut-cni", ${3-}
 "prevResult": {"cniVersion": "1.0.0",
   "interfaces": [{"name": "eth0", "sandbox": "/run/netns/$2"}],
   "ips": [{"address": "$(address "$2")/16", "interface": 0},
           {"address": "$(address6 "$2")/112", "interface": 0}]}}
TEXT
}

# A counter of `status`: pairs, joins, shortcut_bytes, ...
counter() {
  shortcutctl status --json | jq ".counters.$1"
}

# Connections to the service are translated twice, those to the port within the server's pod.
translate() {
  nft -f - <<TEXT
table ip translation {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    ip daddr $service tcp dport 80 dnat to $(address server):7000
  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ct status dnat masquerade random
  }
}
TEXT
  inside server nft -f - <<TEXT
table ip redirection {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    tcp dport $redirected_port redirect to :7000
  }
}
TEXT
}
