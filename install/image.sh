#!/usr/bin/env bash
# Makes the container image of the Debian package, with buildah.
set -euo pipefail

install=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=setup.sh
source "$install/setup.sh"

package=
rootfs=
base=
tag=
work=

usage() {
  cat <<'TEXT'
usage: install/image.sh [--package FILE] [--base IMAGE | --rootfs DIRECTORY] [--tag NAME]

Makes kube-ovn-shortcut:VERSION in buildah's storage, and prints its name. Push it to a registry
with `buildah push`, or into a node's containerd:

    buildah push kube-ovn-shortcut:VERSION docker-archive:image.tar:kube-ovn-shortcut:VERSION
    ctr --namespace k8s.io images import image.tar

--package FILE      the package (default: install/package.sh builds it)
--base IMAGE        Debian, to unpack it in (default: docker.io/library/debian:bookworm-slim);
                    nothing of it but the texts of licences becomes part of the image
--rootfs DIRECTORY  such a system as a directory, for example of `debootstrap --variant=minbase`:
                    no registry is needed
--tag NAME          another name for the image
TEXT
}

parse() {
  while (($#)); do
    case $1 in
      -h | --help) usage && exit 0 ;;
      --package | --base | --rootfs | --tag)
        (($# > 1)) || fail "$1: needs a value"
        option "$1" "$2"
        shift 2
        ;;
      *) fail "$1: unknown option; see --help" ;;
    esac
  done
  [[ -z $rootfs || -z $base ]] || fail "--base and --rootfs: give one of them"
}

option() {
  case $1 in
    --package) package=$(realpath -e "$2") ;;
    --rootfs) rootfs=$(realpath -e "$2") ;;
    --base) base=$2 ;;
    --tag) tag=$2 ;;
  esac
}

# Makes an image of the directory, which lasts as long as this script.
import_rootfs() {
  local container
  step "importing $rootfs"
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$rootfs" / >/dev/null
  base=localhost/shortcut-base:$$
  buildah commit --quiet --rm "$container" "$base" >/dev/null
}

build() {
  local version
  version=$(dpkg-deb --field "$package" Version)
  tag=${tag:-kube-ovn-shortcut:$version}
  step "building $tag"
  mkdir "$work/context"
  cp "$package" "$work/context/kube-ovn-shortcut.deb"
  # Nothing is run but dpkg-deb and cp: a changed root is enough, no container runtime is needed.
  buildah build --isolation chroot --build-arg "VERSION=$version" \
    ${base:+--build-arg "BASE=$base"} --tag "$tag" --file "$install/Containerfile" \
    "$work/context" >&2
  echo "$tag"
}

clean_up() {
  [[ -z $rootfs || -z $base ]] || buildah rmi "$base" >/dev/null 2>&1 || true
  rm -rf "$work"
}

main() {
  parse "$@"
  require_root
  install_packages buildah
  work=$(mktemp -d)
  trap clean_up EXIT
  [[ -n $package ]] || package=$("$install/package.sh" --output "$work")
  [[ -z $rootfs ]] || import_rootfs
  build
}

main "$@"
