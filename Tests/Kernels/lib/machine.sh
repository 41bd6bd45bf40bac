# shellcheck shell=bash
# One virtual machine at a time, without a network: its console and its results are files.

machine_pid=
# Of this machine's CPUs; the races between two are wanted.
machine_cpus=2
machine_memory=2048
# What connects the pods: `ovn` on the files of this machine, or nothing for the guest's own bridge.
machine_road=
shared_root=(
  -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap
)
# What checks the time that a CPU takes would complain of the machine, not of the kernel.
boot_options="no_timer_check tsc=nowatchdog nowatchdog rcupdate.rcu_cpu_stall_suppress=1"
# kvm or tcg; found out at the first boot. A machine that takes longer than the limit hangs, s.
accelerator=
machine_limit=300

# Prints what the guest found: `kernel`, `result` and `fact` lines. Starved of time, a kernel may give
# up before it runs anything; that says nothing, so it is started again.
boot_kernel() {
  local console=$work/console report=$work/report vmlinuz attempt options=() limit
  vmlinuz=$(echo "$1"/boot/vmlinuz-*)
  choose_accelerator "$vmlinuz"
  limit=$machine_limit
  [[ -z $machine_road ]] || options=("${shared_root[@]}") limit=$((3 * machine_limit))
  { cat "$work/system.cpio" && module_archive "$1"; } | gzip -1 >"$work/initrd"
  for attempt in 1 2 3; do
    : >"$report"
    start_machine "$vmlinuz" "$limit" -initrd "$work/initrd" "${options[@]}" || true
    [[ ! -s $report ]] || break
    step "attempt $attempt: it did not start"
  done
  echo "kernel $(version_of "$1")${machine_road:+/$machine_road}"
  echo "fact release $(release_of "$1")"
  cat "$report"
  grep -q '^done' "$report" || unfinished "$console"
  grep -q '^done' "$report" && ! grep -q ' FAIL' "$report" ||
    show_console "$(basename "$1")" "$console"
}

# Hardware's help is offered on machines where it does not work, too: a kernel that finds no system
# to start tells, because it restarts, which ends its machine.
choose_accelerator() {
  local console=$work/probe report=/dev/null
  [[ -z $accelerator ]] || return 0
  accelerator=kvm
  [[ -w /dev/kvm ]] && start_machine "$1" 10 2>/dev/null || accelerator=tcg
  [[ $accelerator == kvm ]] || machine_limit=1200
  step "accelerator: $accelerator"
}

# start_machine KERNEL SECONDS [OPTION]...: one that never ends is ended.
start_machine() {
  local slow=yes status=0
  [[ $accelerator != kvm ]] || slow=
  timeout --kill-after=5 "$2" qemu-system-x86_64 -nodefaults -display none -no-reboot \
    -machine "q35,accel=$accelerator" -cpu max,arch-capabilities=off \
    -smp "$machine_cpus" -m "$machine_memory" -kernel "$1" "${@:3}" \
    -append "console=ttyS0 panic=-1 random.trust_cpu=on $boot_options slow=$slow road=$machine_road" \
    -serial "file:$console" -serial "file:$report" </dev/null >&2 &
  machine_pid=$!
  wait "$machine_pid" || status=$?
  machine_pid=
  return "$status"
}

stop_machine() {
  [[ -z $machine_pid ]] || kill "$machine_pid" 2>/dev/null || true
}

# 6.12.117 rather than 6.12.117+deb13-cloud-amd64, and 6.1.176 rather than 6.1.0-50.
version_of() {
  local name
  name=$(basename "$1")
  offered | awk -v name="$name" '$3 == name { print $1 "/" $2 }' | sort -V | tail -n 1
}

unfinished() {
  echo "result boot FAIL ended or hung after: $(tail -n 1 "$1" | tr -d '\r' | cut -c1-100)"
}

show_console() {
  echo "-- the end of the console of $1:" >&2
  tail -n 60 "$2" >&2
}
