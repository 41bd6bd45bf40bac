# shellcheck shell=bash
# The small system that a machine has in its memory: a static shell and commands, the programs under
# test, and, with the libraries they need, the few commands of this machine that have no static twin.

commands=(bash ip nft jq nsenter timeout)
# What the tests of a guest need of a kernel; what is built in, or not offered, is not there to load.
modules=(
  veth bridge br_netfilter nf_tables nf_conntrack nf_nat nft_ct nft_nat nft_masq nft_redir
  nft_chain_nat nft_fib_inet sch_fq_codel tls gcm ctr ghash_generic
)
# And where OVN runs on the files of this machine.
road_modules=(
  virtio_pci 9pnet_virtio 9p overlay openvswitch vport_geneve geneve nf_conncount nf_conntrack_netlink
)

# Builds what is the same for every kernel, once.
build_system() {
  local root=$work/system name
  step "building the guest's system"
  mkdir -p "$root"/{bin,sbin,proc,sys,dev,run,tmp,root,etc,usr,guest}
  ln -s ../bin "$root/usr/bin"
  ln -s ../sbin "$root/usr/sbin"
  cp "$(command -v busybox)" "$root/bin/busybox"
  for name in "${commands[@]}"; do
    copy_command "$(command -v "$name")" "$root"
  done
  copy_programs "$root/bin"
  cp "$kernels"/guest/* "$root/guest/"
  echo "$repository" >"$root/guest/source"
  echo "$binaries" >"$root/guest/binaries"
  ln -s guest/init "$root/init"
  archive "$root" >"$work/system.cpio"
}

# The tests' programs have no library of their own in the guest, so they get one, too.
copy_programs() {
  local name
  cp "$binaries"/{shortcutctl,shortcut-cni} "$1/"
  strip "$1"/{shortcutctl,shortcut-cni}
  for name in torture compat; do
    copy_command "$binaries/$name" "${1%/bin}"
  done
}

# Copies command $1 and its libraries into root $2.
copy_command() {
  local library
  cp -L "$1" "$2/bin/"
  ldd "$1" 2>/dev/null | grep -oE '/[^ ]+' | while read -r library; do
    mkdir -p "$2$(dirname "$library")"
    [[ -e $2$library ]] || cp -L "$library" "$2$library"
  done
}

archive() {
  (cd "$1" && find . -print0 | cpio --null --create --format=newc --quiet)
}

# The modules of the image in directory $1, uncompressed, with their index.
module_archive() {
  local root=$work/modules release name path
  release=$(release_of "$1")
  rm -rf "$root"
  mkdir -p "$root/lib/modules/$release"
  cp "$1/lib/modules/$release"/modules.* "$root/lib/modules/$release/"
  for name in "${modules[@]}" "${road_modules[@]}"; do
    modprobe -d "$1" -S "$release" --show-depends "$name" 2>/dev/null || true
  done | awk '$1 == "insmod" { print $2 }' | sort -u | while read -r path; do
    cp "$path" "$root/lib/modules/$release/"
  done
  find "$root" -name '*.xz' -exec xz -d {} +
  find "$root" -name '*.zst' -exec zstd -q -d --rm {} +
  depmod -b "$root" "$release"
  archive "$root"
}
