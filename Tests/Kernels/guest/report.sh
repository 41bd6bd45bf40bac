# shellcheck shell=bash
# How tests end, and how they are told: a line for each goes to the second serial port.

port=/dev/ttyS1
# How long a test may take, s; in a machine without hardware's help, all takes longer.
limit=90

is_slow() {
  grep -q slow=yes /proc/cmdline
}

! is_slow || limit=360

die() {
  echo "$*"
  exit 1
}

fact() {
  echo "fact $*" >"$port"
}

# Runs test $1 in a process of its own and reports it. Status 76 is a refusal, 77 says that it cannot
# be tried.
report() {
  local status=0 word detail='' log=/run/log.$1
  timeout "$limit" "$0" "$1" >"$log" 2>&1 || status=$?
  case $status in
    0) word=ok ;;
    76) word=refused ;;
    77) word=SKIP ;;
    124) word=FAIL detail="hangs: " ;;
    *) word=FAIL ;;
  esac
  [[ $word == ok ]] || detail+=$(tail -n 1 "$log" | tr -d '\r' | cut -c1-200)
  echo "result $1 $word $detail" >"$port"
  echo "== $1: $word"
  tail -n 40 "$log"
}

report_end() {
  fact seconds "$(cut -d' ' -f1 /proc/uptime)"
  echo "done" >"$port"
}

# A kernel that complains has been hurt.
test_log() {
  local complaint
  sleep 1
  complaint=$(dmesg | grep -E 'BUG:|WARNING:|Oops|refcount_t|blocked for more|general protection') ||
    return 0
  dmesg | grep -E -A 30 'BUG:|WARNING:|Oops|general protection' | head -n 80
  die "the kernel complains: $(head -n 1 <<<"$complaint")"
}
