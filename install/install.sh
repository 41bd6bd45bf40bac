#!/usr/bin/env bash
# Installs everything on a node without Kubernetes, or takes it off again: executables, datapath,
# CNI plugin, and what brings them back after a reboot.
set -euo pipefail

install=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=setup.sh
source "$install/setup.sh"

programs=(shortcut-cni shortcutctl shortcutd)
units=(shortcutd.service shortcut-cni-install.service)
system=/etc/systemd/system
defaults=/etc/default/kube-ovn-shortcut

verb=install
prefix=/usr/local
binaries=
load=()
places=()
settings=()
purge=()
service=yes
dry_run=

usage() {
  cat <<'TEXT'
usage: install/install.sh [OPTION]...
       install/install.sh --uninstall [--purge] [OPTION]...

Builds and copies the executables, attaches the datapath, chains the CNI plugin to the network list
that the container runtime uses, and starts services that do so after a reboot and put the entry back
when another installer removes it. Pods start and stop meanwhile; run it again to upgrade.

--bin DIRECTORY         take the executables from there instead of building them
--prefix DIRECTORY      keep them in DIRECTORY/lib/kube-ovn-shortcut, with links in DIRECTORY/bin
                        (default /usr/local)
--platform NAME         kubernetes (default), k3s, rke2, microk8s or debian: whose directories
--conf-dir DIRECTORY    the runtime's network configurations
--bin-dir DIRECTORY     the runtime's plugins
--conflist FILE         the network list to change, if it is not the first
--cgroup DIRECTORY      whose sockets may take part (default: all)
--bpffs-root DIRECTORY  where the datapath is pinned
--max-pods N, --max-connections N, --queue-bytes N
                        as `shortcutctl load --help` tells
--sockets WHICH, --enabled BOOL, --failure-policy POLICY, --log-file PATH, --annotation-prefix TEXT,
                      --cross-vpc WHICH
                        as `shortcutctl install-cni --help` tells
--no-service            start no services: the datapath is gone after a reboot, and pods then start
                        without it
--dry-run               show what would change in the network list, change nothing; needs --bin
                        to show it, since nothing is built either
--uninstall             take the entry out, wait until the runtime has read that, detach the
                        datapath, remove the executables but for the runtime's copy of the plugin,
                        which passes everything through from then on; the directories are those of
                        the installation, unless they are given
--purge                 with --uninstall: remove that copy, too
TEXT
}

parse() {
  while (($#)); do
    case $1 in
      -h | --help) usage && exit 0 ;;
      --uninstall) verb=uninstall ;;
      --purge) purge=(--purge) ;;
      --no-service) service= ;;
      --dry-run) dry_run=--dry-run ;;
      *)
        (($# > 1)) || fail "$1: unknown option, or its value is missing; see --help"
        option "$1" "$2"
        shift
        ;;
    esac
    shift
  done
  [[ $verb == uninstall || ${#purge[@]} -eq 0 ]] || fail "--purge: goes with --uninstall"
}

option() {
  [[ ! $2 =~ [[:space:]] ]] || fail "$1 '$2': white space does not do here"
  case $1 in
    --bin) binaries=$(realpath -m "$2") ;;
    --prefix) prefix=$(realpath -m "$2") ;;
    --platform | --conf-dir | --bin-dir) places+=("$1" "$2") ;;
    --conflist | --sockets | --enabled | --failure-policy | --log-file | --annotation-prefix | \
      --cross-vpc)
      settings+=("$1" "$2")
      ;;
    --cgroup | --max-pods | --max-connections | --queue-bytes) load+=("$1" "$2") ;;
    --bpffs-root)
      load+=("$1" "$2")
      settings+=("$1" "$2")
      ;;
    *) fail "$1: unknown option; see --help" ;;
  esac
}

# The directory of the executables, and where the service finds what it was installed with.
library() {
  echo "$prefix/lib/kube-ovn-shortcut"
}

shortcutctl() {
  "$(library)/shortcutctl" "$@"
}

find_binaries() {
  local name
  if [[ -z $binaries ]]; then
    install_packages "${build_packages[@]}"
    find_swift
    build_release
  fi
  for name in "${programs[@]}"; do
    [[ -x $binaries/$name ]] || fail "$binaries/$name: missing or not executable"
  done
}

# Each aside first: those that run go on, and no moment has half of one.
copy_programs() {
  local name
  step "copying the executables to $(library)"
  mkdir -p "$(library)" "$prefix/bin"
  for name in "${programs[@]}"; do
    command install -m 755 "$binaries/$name" "$(library)/.$name.new"
    mv -f "$(library)/.$name.new" "$(library)/$name"
  done
  for name in shortcutctl shortcutd; do
    ln -sfn "../lib/kube-ovn-shortcut/$name" "$prefix/bin/$name"
  done
}

# What an administrator reads and types; shells and man(1) look below PREFIX/share.
copy_documentation() {
  local page
  step "copying manual pages and completions to $prefix/share"
  for page in "$install"/debian/*.[18]; do
    command install -D -m 644 "$page" "$prefix/share/man/man${page##*.}/${page##*/}"
  done
  put_completions "$(library)" "$prefix/share" zsh/site-functions
}

# The directories stay: the system has had some of them before.
remove_documentation() {
  local page files
  mapfile -t files < <(completions "$prefix/share" zsh/site-functions)
  for page in "$install"/debian/*.[18]; do
    files+=("$prefix/share/man/man${page##*.}/${page##*/}")
  done
  rm -f "${files[@]}"
}

install_everything() {
  copy_programs
  copy_documentation
  step "attaching the datapath"
  shortcutctl load "${load[@]}"
  step "installing the CNI plugin"
  shortcutctl install-cni "${places[@]}" "${settings[@]}"
  write_defaults >"$(library)/options"
  [[ -z $service ]] || start_services
}

has_systemd() {
  [[ -d /run/systemd/system ]]
}

start_services() {
  if ! has_systemd; then
    echo "install.sh: no systemd here: have these run at boot and go on running:" >&2
    command_line shortcutd "${load[@]}" >&2
    command_line shortcutctl install-cni --watch "${places[@]}" "${settings[@]}" >&2
    return 0
  fi
  step "starting ${units[*]}"
  write_units
  systemctl daemon-reload
  systemctl enable --quiet "${units[@]}"
  systemctl restart "${units[@]}"
}

# A program and its arguments, quoted for a shell.
command_line() {
  printf '%q' "$(library)/$1"
  shift
  printf ' %q' "$@"
  echo
}

write_units() {
  local name
  for name in "${units[@]}"; do
    sed "s|=/usr/s\?bin/|=$prefix/bin/|" "$install/systemd/$name" >"$system/$name"
  done
  mkdir -p "$system/shortcut-cni-install.service.d"
  write_directories >"$system/shortcut-cni-install.service.d/directories.conf"
  write_defaults >"$defaults"
}

# The directories of every runtime lie outside /usr and /etc, or are named here or in the unit.
write_directories() {
  local index
  printf '[Service]\nProtectSystem=full\n'
  # Those of the unit are not made where others are meant.
  ((${#places[@]} == 0)) || echo "ExecStartPre="
  for ((index = 0; index < ${#places[@]}; index += 2)); do
    [[ ${places[index]} == --platform ]] || write_directory "${places[index + 1]}"
  done
}

# It may be removed and made again, which only its parent shows; but the system's directories stay
# closed.
write_directory() {
  local parent
  parent=$(dirname "$1")
  case $parent in
    / | /etc | /usr | /usr/*) parent=$1 ;;
  esac
  printf 'ExecStartPre=-+/bin/mkdir -p %s\nReadWritePaths=-%s\n' "$1" "$parent"
}

write_defaults() {
  cat <<DEFAULTS
# Options of the services of kube-ovn-shortcut, as install/install.sh was called.
SHORTCUTD_OPTIONS="${load[*]}"
INSTALL_CNI_OPTIONS="${places[*]} ${settings[*]}"
DEFAULTS
}

stop_services() {
  has_systemd && [[ -e $system/${units[0]} ]] || return 0
  systemctl disable --quiet --now "${units[@]}"
  rm -rf "${units[@]/#/$system/}" "$system/shortcut-cni-install.service.d" "$defaults"
  systemctl daemon-reload
}

# Whether there is something to take off; says so if not.
is_installed() {
  [[ ! -x $(library)/shortcutctl ]] || return 0
  step "nothing is installed in $(library)"
  return 1
}

# Where things were put, as far as no option says it: in the services' file, which may have been
# changed since, or as it was at installation.
recall_places() {
  local file
  file=$(library)/options
  [[ ! -e $defaults || ! -e $system/${units[0]} ]] || file=$defaults
  [[ -e $file ]] || return 0
  if ((${#places[@]} == 0)); then
    mapfile -t places < <(recalled INSTALL_CNI_OPTIONS '--(platform|conf-dir|bin-dir)' "$file")
  fi
  if ((${#bpffs_root[@]} == 0)); then
    mapfile -t bpffs_root < <(recalled SHORTCUTD_OPTIONS '--bpffs-root' "$file")
  fi
}

# recalled VARIABLE PATTERN FILE: the options of that variable whose names match, and their values, a
# line each.
recalled() {
  local words=() index
  read -ra words < <(sed -En "s/^$1=\"?([^\"]*).*/\1/p" "$3" | sed -E 's/(^| )(--[^ =]+)=/\1\2 /g') ||
    true
  for ((index = 0; index + 1 < ${#words[@]}; index++)); do
    [[ ! ${words[index]} =~ ^$2$ ]] || printf '%s\n' "${words[@]:index:2}"
  done
}

uninstall_everything() {
  local name
  is_installed || return 0
  recall_places
  [[ -z $service ]] || stop_services
  step "removing the CNI plugin"
  shortcutctl uninstall-cni "${places[@]}" "${purge[@]}"
  step "detaching the datapath"
  shortcutctl unload "${bpffs_root[@]}"
  step "removing the executables"
  for name in "${programs[@]}"; do
    rm -f "$(library)/$name"
  done
  rm -f "$prefix"/bin/{shortcutctl,shortcutd} "$(library)/options"
  rmdir "$(library)"
  remove_documentation
}

# What `unload` takes of the options.
select_bpffs_root() {
  local index
  bpffs_root=()
  for ((index = 0; index < ${#load[@]}; index += 2)); do
    [[ ${load[index]} != --bpffs-root ]] || bpffs_root=("${load[@]:index:2}")
  done
}

preview() {
  if [[ $verb == uninstall ]]; then
    is_installed || return 0
    recall_places
    shortcutctl uninstall-cni --dry-run "${places[@]}" "${purge[@]}"
  elif [[ -z $binaries ]]; then
    preview_building
  else
    find_binaries
    "$binaries/shortcutctl" install-cni --dry-run "${places[@]}" "${settings[@]}"
  fi
}

# What the list would become, only the executables know.
preview_building() {
  local missing
  mapfile -t missing < <(missing_packages "${build_packages[@]}")
  ((${#missing[@]} == 0)) || echo "would install ${missing[*]}"
  echo "would build the executables: give --bin to see what changes in the network list"
}

# Of an installation that was interrupted.
remove_temporaries() {
  rm -f "$(library)"/.*.new
}

main() {
  parse "$@"
  require_root
  trap remove_temporaries EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  select_bpffs_root
  [[ -z $dry_run ]] || {
    preview
    exit 0
  }
  if [[ $verb == uninstall ]]; then
    uninstall_everything
  else
    find_binaries
    install_everything
  fi
  step "done"
}

main "$@"
