#!/usr/bin/env bash
# Runs every check of this repository and says which failed: format, shell, build, tests, residue.
set -euo pipefail

install=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=setup.sh
source "$install/setup.sh"

failed=()

usage() {
  cat <<'TEXT'
usage: install/test.sh [--filter PATTERN]

Installs what is missing, then runs all checks and tests. With CI=true a skipped kernel test fails
the run. Exits 0 if nothing failed and nothing was left on the machine.

--filter PATTERN   only the tests of `swift test --filter PATTERN`
TEXT
}

# Runs check $1, the command that follows; the others run whatever its outcome.
check() {
  step "$1"
  "${@:2}" || failed+=("$1")
}

format_is_clean() {
  "$swift" format lint --strict -r Sources Tests Package.swift
}

go_is_formatted() {
  local files
  files=$(gofmt -l Tests)
  [[ -z $files ]] || echo "gofmt would change: $files" >&2
  [[ -z $files ]]
}

shell_is_clean() {
  local scripts
  if ! command -v shellcheck >/dev/null; then
    echo "shellcheck: not installable here, shell scripts stay unchecked" >&2
    return 0
  fi
  mapfile -t scripts < <(grep -rlE --exclude-dir=.build --exclude-dir=.git '^#!.*(bash|/sh)$' .)
  shellcheck -x -P SCRIPTDIR "${scripts[@]}"
}

# Issues stand among thousands of lines; told again at the end, each with what it shows.
what_failed() {
  step "what failed"
  awk '/^(◇|✔|✘)/ { shown = 0 } / recorded an issue / { shown = 20 } shown-- > 0' "$1"
}

tests_pass() {
  local output=$work/tests.log
  "$swift" test "$@" 2>&1 | tee "$output" || { what_failed "$output"; return 1; }
  [[ ${CI-} == true ]] || return 0
  ! grep -E '\bSKIP\b|(Test|Suite) .* skipped' "$output" ||
    { echo "CI=true: kernel tests must not be skipped" >&2 && return 1; }
}

roads_work() {
  Tests/Roads/self-test ovn && Tests/Roads/self-test bridge
}

packaging_works() {
  local output=$work/packaging.log
  Tests/Packaging/run --bin "$binaries" 2>&1 | tee "$output" || return 1
  [[ ${CI-} == true ]] || return 0
  ! grep '^SKIP' "$output" || { echo "CI=true: it must not be skipped" >&2 && return 1; }
}

# The quickest kernel; `Tests/Kernels/run all` tries the others. 77: one could not be tried.
kernels_work() {
  local status=0
  Tests/Kernels/run quick --check --bin "$binaries" || status=$?
  ((status == 77)) || return "$status"
  [[ ${CI-} != true ]] || { echo "CI=true: it must not be skipped" >&2 && return 1; }
}

# The tests' loaders mount it where it is missing; what was not there before goes away again.
unmount_bpffs() {
  [[ -n $bpffs_was_mounted ]] || umount /sys/fs/bpf 2>/dev/null || true
}

# What other runs on this machine have left, or are using, is not ours.
nothing_is_left() {
  local left
  left=$("$install/residue.sh" | cut -d' ' -f1,2 | sort | comm -13 "$work/before" -)
  [[ -z $left ]] || echo "left behind:"$'\n'"$left" >&2
  [[ -z $left ]]
}

summary() {
  local name
  for name in "${failed[@]}"; do
    echo "FAILED $name" >&2
  done
  ((${#failed[@]} == 0)) || exit 1
  step "all checks passed"
}

main() {
  case ${1-} in
    -h | --help) usage && exit 0 ;;
    --filter | '') ;;
    *) fail "$1: unknown option; see --help" ;;
  esac
  setup
  setup_tests
  (install_packages shellcheck) || true
  cd "$repository"
  work=$(mktemp -d)
  bpffs_was_mounted=$(findmnt --noheadings --types bpf --output TARGET /sys/fs/bpf || true)
  trap 'unmount_bpffs; rm -rf "$work"' EXIT
  mkdir "$work/tmp"
  # Some of the servers that tests start are not root, and read their configuration there.
  chmod 755 "$work" "$work/tmp"
  export TMPDIR=$work/tmp
  "$install/residue.sh" | cut -d' ' -f1,2 | sort >"$work/before"
  check "swift format" format_is_clean
  check "gofmt" go_is_formatted
  check "shellcheck" shell_is_clean
  check "release build" build_release
  check "roads" roads_work
  check "packaging" packaging_works
  check "kernels" kernels_work
  check "swift test" tests_pass "$@"
  check "residue" nothing_is_left
  summary
}

main "$@"
