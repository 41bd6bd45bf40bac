# shellcheck shell=bash
# Debian's kernels, through a package client with a configuration of its own: the machine's sources,
# lists and packages are neither read nor changed. What was fetched is kept.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/kube-ovn-shortcut/kernels
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
suites=(
  "debian bullseye" "debian-security bullseye-security" "debian bookworm" "debian trixie"
  "debian bookworm-backports" "debian trixie-backports" "debian forky" "debian sid"
)
# Older ones lack what a node needs for other reasons.
oldest_series=5.10
# Lists older than this are fetched again, minutes.
lists_age=1440

write_apt_configuration() {
  local suite
  mkdir -p "$cache"/apt/lists/partial "$cache"/apt/archives/partial "$cache/images"
  for suite in "${suites[@]}"; do
    echo "deb [arch=amd64 signed-by=$keyring] http://deb.debian.org/$suite main"
  done >"$cache/apt/sources.list"
  : >"$cache/apt/status"
  cat >"$cache/apt/apt.conf" <<TEXT
Dir::Etc::sourcelist "$cache/apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "$cache/apt/lists";
Dir::State::status "$cache/apt/status";
Dir::Cache "$cache/apt";
APT::Architecture "amd64";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
TEXT
}

# The machine's own configuration is read, too, for its proxies; some switch off the index that makes
# a call take a moment instead of half a minute.
apt_private() {
  APT_CONFIG=$cache/apt/apt.conf "$@" -o Dir::Cache::pkgcache=pkgcache.bin \
    -o Dir::Cache::srcpkgcache=srcpkgcache.bin
}

refresh_lists() {
  write_apt_configuration
  [[ -z $(find "$cache/offered" -mmin "-$lists_age" 2>/dev/null) ]] || return 0
  step "fetching the lists of kernels"
  apt_private apt-get update -q --error-on=any >&2 || return 1
  list_offered >"$cache/offered.new"
  mv "$cache/offered.new" "$cache/offered"
}

# `VERSION FLAVOUR PACKAGE` of every image offered. Packages whose name has no full version (6.1.0-50)
# have it in their own; the unsigned twins of signed ones are left out, and so are images of which
# lists keep nothing but the name, because their parts are gone.
list_offered() {
  apt_private apt-cache dumpavail |
    awk '
      $1 == "Package:" { name = $2; part = "" }
      $1 == "Version:" { version = $2 }
      /^Depends:.*linux-base-[0-9]/ { part = name; sub("-image-", "-base-", part) }
      /^$/ && name ~ /^linux-base-/ { there[name] = 1 }
      /^$/ && name ~ /^linux-image-[0-9]+\.[0-9]+\.[0-9].*-amd64$/ && name !~ /-rt-|~rc/ {
        sub(/[-+~].*/, "", version)
        line[version " " (name ~ /-cloud-amd64$/ ? "cloud" : "generic") " " name] = part
      }
      END { for (text in line) if (line[text] == "" || line[text] in there) print text }' | sort -u
}

offered() {
  cat "$cache/offered" 2>/dev/null
}

# The packages of a kernel, the newest release first: what NAME, NAME/cloud or NAME/generic means.
packages_of() {
  local version=${1%/*} flavour=cloud
  [[ $1 != */* ]] || flavour=${1#*/}
  [[ $version != newest ]] || version='[0-9]+'
  offered | grep -E "^${version//./\\.}(\.[0-9.]+)? $flavour " | sort -rV | cut -d' ' -f3
}

# Every series offered, oldest first.
all_series() {
  offered | awk '$2 == "cloud" { split($1, part, "."); print part[1] "." part[2] }' | sort -Vu |
    awk -v oldest="$oldest_series" '$1 == oldest { found = 1 } found'
}

# Prints the directory of a kernel's image: its boot and lib. Archives forget releases before their
# lists do, so the ones before are tried.
fetch_kernel() {
  local package
  for package in $(packages_of "$1" | head -n 4); do
    (
      flock 9
      unpack_kernel "$package" "$cache/images/$package"
    ) 9>"$cache/lock" || continue
    echo "$cache/images/$package"
    return 0
  done
  return 1
}

# Complete or not there.
unpack_kernel() {
  local fresh=$cache/apt/fresh
  [[ ! -d $2 ]] || return 0
  rm -rf "$fresh"
  mkdir -p "$fresh/image/boot"
  unpack_package "$1" "$fresh" || return 1
  [[ -d $fresh/image/lib ]] || ln -s usr/lib "$fresh/image/lib"
  compgen -G "$fresh/image/boot/vmlinuz-*" >/dev/null || unpack_parts "$1" "$fresh" || return 1
  depmod -b "$fresh/image" "$(release_of "$fresh/image")" || return 1
  mv "$fresh/image" "$2"
}

# From 6.19 on, the package of an image is empty but for its dependencies.
unpack_parts() {
  local part path
  for part in base binary modules; do
    unpack_package "${1/-image-/-$part-}" "$2" || return 1
  done
  path=$(echo "$2"/image/usr/lib/modules/*/vmlinuz)
  cp "$path" "$2/image/boot/vmlinuz-$(basename "$(dirname "$path")")"
}

unpack_package() {
  (cd "$2" && apt_private apt-get download -q "$1" >&2) || return 1
  dpkg-deb -x "$2"/*.deb "$2/image" || return 1
  rm "$2"/*.deb
}

# What `uname -r` says in the image of directory $1.
release_of() {
  basename "$1"/boot/vmlinuz-* | sed 's/^vmlinuz-//'
}
