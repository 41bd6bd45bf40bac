// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Another vendor's programs on the same cgroup: they watch every client, or own its socket. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} round_trips SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u64);
} owned SEC(".maps");

static __always_inline void count_round_trip(void)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&round_trips, &zero);

	if (count)
		__sync_fetch_and_add(count, 1);
}

SEC("sockops")
int foreign_watch(struct bpf_sock_ops *ops)
{
	if (ops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		bpf_sock_ops_cb_flags_set(ops, BPF_SOCK_OPS_RTT_CB_FLAG);
	else if (ops->op == BPF_SOCK_OPS_RTT_CB)
		count_round_trip();
	return 1;
}

SEC("sockops")
int foreign_own(struct bpf_sock_ops *ops)
{
	__u64 cookie = bpf_get_socket_cookie(ops);

	if (ops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		bpf_sock_hash_update(ops, &owned, &cookie, BPF_NOEXIST);
	return 1;
}

SEC("sk_msg")
int foreign_pass(struct sk_msg_md *message)
{
	return SK_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
