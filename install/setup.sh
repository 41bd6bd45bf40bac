#!/usr/bin/env bash
# Prepares a machine with Debian 12 and Swift 6.3 and builds the release binaries. Run it, or source
# it for its functions.
set -euo pipefail

repository=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.." && pwd)

build_packages=(
  libbpf-dev libelf-dev libjansson-dev zlib1g-dev linux-libc-dev libc6-dev libstdc++-12-dev
  ca-certificates git
)
road_packages=(
  openvswitch-switch ovn-central ovn-host containernetworking-plugins golang-go
  golang-github-appc-cni-dev bpftool iproute2 iptables ethtool jq openssl procps python3 strace time
  util-linux qperf
)
test_packages=(
  nginx nginx-light wrk redis-server redis-tools haproxy postgresql iperf3 curl
  libpython3.11-testsuite libnginx-mod-stream python3-matplotlib sockperf patch
)
runtime_packages=(
  containerd runc podman conmon busybox-static python3-grpcio python3-protobuf protobuf-compiler
)
# What the tests of the package, the image and the manifests need.
packaging_packages=(
  binutils bpftool buildah debootstrap fish jq lintian man-db podman prometheus python3-venv runc
  systemd zsh
)
# What Tests/Kernels/run needs to boot kernels in virtual machines.
kernel_packages=(
  busybox-static cpio debian-archive-keyring iproute2 jq kmod nftables qemu-system-x86 xz-utils zstd
)
service_packages=(
  openvswitch-switch ovn-central ovn-host nginx redis-server haproxy postgresql iperf3 containerd
  podman prometheus
)
service_policy=/usr/sbin/policy-rc.d

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

step() {
  echo "== $*" >&2
}

require_root() {
  ((EUID == 0)) || fail "must be run as root: it loads BPF programs and makes network namespaces"
}

# Those of the packages $@ that are not installed.
missing_packages() {
  local name
  for name in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] ||
      echo "$name"
  done
}

install_packages() {
  local missing services
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  step "installing ${missing[*]}"
  mapfile -t services < <(missing_packages "${service_packages[@]}")
  (
    trap allow_services EXIT
    deny_services
    fetch_packages "${missing[@]}"
  )
  disable_services "${services[@]}"
}

fetch_packages() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >&2
  apt-get install -y -q --no-install-recommends "$@" >&2
}

# Debian starts a service as soon as it is installed, unless the machine has a policy. The roads run
# their own Open vSwitch; a policy that is there already is its owner's word.
deny_services() {
  [[ ! -e $service_policy ]] || return 0
  printf '#!/bin/sh\n# kube-ovn-shortcut: during an installation\nexit 101\n' >"$service_policy"
  chmod 755 "$service_policy"
}

allow_services() {
  if grep -qs '^# kube-ovn-shortcut:' "$service_policy"; then
    rm -f "$service_policy"
  fi
}

# Services of packages that were installed just now shall not start at the next boot either.
disable_services() {
  local name
  [[ -d /run/systemd/system ]] || return 0
  for name in "$@"; do
    [[ $(missing_packages "$name") ]] ||
      units_of "$name" | xargs -r -n 1 systemctl disable --quiet 2>/dev/null || true
  done
}

# The systemd units of package $1, and what another package calls by its name.
units_of() {
  echo "$1.service"
  dpkg -L "$1" | sed -nE 's,^(/usr)?/lib/systemd/system/([^/@]+\.(service|socket|timer))$,\2,p'
}

find_swift() {
  local candidate
  for candidate in "$(command -v swift || true)" /opt/swift/usr/bin/swift; do
    if [[ -x $candidate ]]; then
      swift=$candidate
      "$swift" --version >/dev/null 2>&1 ||
        fail "$swift: does not run: install what swift.org/install lists for Debian 12"
      return 0
    fi
  done
  fail "swift: not on PATH and not in /opt/swift/usr/bin: install Swift 6.3 (swift.org/install)"
}

# Builds the release binaries and sets `binaries` to their directory. Swift leaves files behind in
# the directory for temporary ones.
build_release() {
  local temporary
  step "building (release)"
  temporary=$(mktemp -d)
  TMPDIR=$temporary "$swift" build --package-path "$repository" -c release >&2 || {
    rm -rf "$temporary"
    return 1
  }
  binaries=$(TMPDIR=$temporary "$swift" build --package-path "$repository" -c release \
    --show-bin-path)
  rm -rf "$temporary"
}

# put_completions BINARIES DIRECTORY ZSH: has the programs print what shells read to complete their
# command lines, into DIRECTORY (`share`); zsh of a distribution and of /usr/local look in different
# places below it.
put_completions() {
  local program
  mkdir -p "$2"/{bash-completion/completions,"$3",fish/vendor_completions.d}
  for program in shortcutctl shortcutd; do
    "$1/$program" --generate-completion-script bash | sed '1{/^#!/d}' \
      >"$2/bash-completion/completions/$program"
    "$1/$program" --generate-completion-script zsh >"$2/$3/_$program"
    "$1/$program" --generate-completion-script fish >"$2/fish/vendor_completions.d/$program.fish"
  done
}

# The files of put_completions DIRECTORY ZSH.
completions() {
  local program
  for program in shortcutctl shortcutd; do
    printf '%s\n' "$1/bash-completion/completions/$program" "$1/$2/_$program" \
      "$1/fish/vendor_completions.d/$program.fish"
  done
}

setup() {
  require_root
  install_packages "${build_packages[@]}" "${road_packages[@]}"
  find_swift
}

# What the tests alone need.
setup_tests() {
  install_packages "${test_packages[@]}" "${runtime_packages[@]}" "${packaging_packages[@]}" \
    "${kernel_packages[@]}"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  setup
  build_release
  echo "$binaries"
fi
