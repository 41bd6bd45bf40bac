#!/usr/bin/env bash
# Makes the Debian package of the release binaries.
set -euo pipefail

install=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=setup.sh
source "$install/setup.sh"

package=kube-ovn-shortcut
binaries=
output=$PWD
stage=
# What the executables contain; see install/debian/copyright.
libraries=(libc6-dev libbpf-dev libelf-dev libjansson-dev zlib1g-dev libstdc++-12-dev)

usage() {
  cat <<TEXT
usage: install/package.sh [--bin DIRECTORY] [--output DIRECTORY]

Builds the release binaries and makes $package.deb of them, then prints its path.

--bin DIRECTORY     take the binaries from there instead of building them
--output DIRECTORY  where to put it (default: here)
TEXT
}

parse() {
  while (($#)); do
    case $1 in
      -h | --help) usage && exit 0 ;;
      --bin | --output)
        (($# > 1)) || fail "$1: needs a value"
        [[ -d $2 ]] || fail "$1 $2: no such directory"
        [[ $1 == --bin ]] && binaries=$(realpath "$2") || output=$(realpath "$2")
        shift 2
        ;;
      *) fail "$1: unknown option; see --help" ;;
    esac
  done
}

# The first entry of the changelog is what is packaged.
version() {
  sed -n '1s/.*(\(.*\)).*/\1/p' "$install/debian/changelog"
}

changed() {
  date --date "$(sed -n 's/^ -- .*>  //p' "$install/debian/changelog" | head -n 1)" +%s
}

put() {
  install -D -m "$1" "$2" "$stage/$3"
}

put_compressed() {
  install -d "$stage/$(dirname "$2")"
  gzip -9n <"$1" >"$stage/$2"
  chmod 644 "$stage/$2"
}

# shortcutctl installs the plugin that lies beside it; runtimes get a copy, which outlives the package.
put_programs() {
  local program
  for program in shortcutctl shortcutd shortcut-cni; do
    put 755 "$binaries/$program" "usr/lib/$package/$program"
  done
  strip --strip-unneeded --remove-section=.comment --remove-section=.note \
    "$stage/usr/lib/$package"/*
  install -d "$stage/usr/bin" "$stage/usr/sbin"
  ln -s "../lib/$package/shortcutctl" "$stage/usr/bin/shortcutctl"
  ln -s "../lib/$package/shortcutd" "$stage/usr/sbin/shortcutd"
}

put_services() {
  local unit
  for unit in "$install"/systemd/*.service; do
    put 644 "$unit" "lib/systemd/system/$(basename "$unit")"
  done
  put 644 "$install/debian/default" "etc/default/$package"
}

put_documentation() {
  local documentation=usr/share/doc/$package file
  put 644 "$install/debian/copyright" "$documentation/copyright"
  put_compressed "$install/debian/changelog" "$documentation/changelog.gz"
  put_compressed "$repository/README.md" "$documentation/README.md.gz"
  for file in "$repository"/docs/*.md; do
    put 644 "$file" "$documentation/$(basename "$file")"
  done
  for file in "$repository"/cni-conf/*.conflist "$install"/{grafana/*.json,prometheus/*.yaml}; do
    put 644 "$file" "$documentation/examples/$(basename "$file")"
  done
  for file in "$install"/debian/*.[18]; do
    put_compressed "$file" "usr/share/man/man${file##*.}/$(basename "$file").gz"
  done
  put_completions "$binaries" "$stage/usr/share" zsh/vendor-completions
  completions "$stage/usr/share" zsh/vendor-completions | xargs chmod 644
  put 644 "$install/debian/lintian-overrides" "usr/share/lintian/overrides/$package"
}

# Static linking: the sources of these packages are part of the executables.
built_using() {
  # shellcheck disable=SC2016 # fields of dpkg-query
  dpkg-query -W -f '${source:Package} (= ${source:Version})\n' "${libraries[@]}" | sort -u |
    paste -sd, | sed 's/,/, /g'
}

put_control() {
  local script
  install -d "$stage/DEBIAN"
  sed -e "s/@version@/$(version)/" -e "s/@architecture@/$(dpkg --print-architecture)/" \
    -e "s/@size@/$(du -sk --exclude=DEBIAN "$stage" | cut -f1)/" \
    -e "s/@libraries@/$(built_using)/" "$install/debian/control" >"$stage/DEBIAN/control"
  put 644 "$install/debian/conffiles" DEBIAN/conffiles
  for script in postinst prerm postrm; do
    put 755 "$install/debian/$script" "DEBIAN/$script"
  done
  (cd "$stage" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z |
    xargs -0 md5sum >DEBIAN/md5sums)
}

main() {
  parse "$@"
  if [[ -z $binaries ]]; then
    setup
    build_release
  fi
  stage=$(mktemp -d)
  trap 'rm -rf "$stage"' EXIT
  chmod 755 "$stage"
  put_programs
  put_services
  put_documentation
  put_control
  SOURCE_DATE_EPOCH=$(changed) dpkg-deb --root-owner-group -Zxz -z2 --build "$stage" "$output" >&2
  echo "$output/${package}_$(version)_$(dpkg --print-architecture).deb"
}

main "$@"
