/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who may take part: (netns cookie, local address) must be in the allowlist. */
#ifndef SHORTCUT_ALLOWLIST_H
#define SHORTCUT_ALLOWLIST_H

#define AF_INET 2
#define AF_INET6 10

static __always_inline bool local_address(struct bpf_sock_ops *ops,
					  struct shortcut_address *address)
{
	__u32 *words = (__u32 *)address->bytes;

	if (ops->family == AF_INET) {
		words[0] = 0;
		words[1] = 0;
		words[2] = bpf_htonl(0xffff);
		words[3] = ops->local_ip4;
		return true;
	}
	words[0] = ops->local_ip6[0];
	words[1] = ops->local_ip6[1];
	words[2] = ops->local_ip6[2];
	words[3] = ops->local_ip6[3];
	return ops->family == AF_INET6;
}

static __always_inline bool is_loopback(const struct shortcut_address *address)
{
	const __u32 *words = (const __u32 *)address->bytes;

	if (words[0] || words[1])
		return false;
	if (words[2] == bpf_htonl(0xffff))
		return address->bytes[12] == 127;
	return !words[2] && words[3] == bpf_htonl(1);
}

static __always_inline struct shortcut_allow_value *allowlist_get(const struct shortcut_end *end)
{
	struct shortcut_allow_key key = {
		.netns_cookie = end->netns_cookie,
		.address = end->address,
	};

	return bpf_map_lookup_elem(&allowlist, &key);
}

/* Looks an end up, and takes over what its entry says now. */
static __always_inline bool is_allowed(struct shortcut_end *end)
{
	struct shortcut_allow_value *value = allowlist_get(end);

	if (!value || (value->flags & (SHORTCUT_ALLOW_PAUSED | SHORTCUT_ALLOW_HELD)))
		return false;
	end->domain = value->domain;
	end->flags = value->flags;
	return true;
}

/* Pods of networks that are known to be two. */
static __always_inline bool domains_differ(const struct shortcut_end *one,
					   const struct shortcut_end *other)
{
	return one->domain && other->domain && one->domain != other->domain;
}

/*
 * Fills in all of an end but its socket; false if it may not take part. A function of its own: merged
 * copies would read the context through a pointer that the verifier does not take.
 */
static __noinline bool allowed_end(struct bpf_sock_ops *ops, struct shortcut_end *end)
{
	if (!local_address(ops, &end->address))
		return false;
	end->netns_cookie = bpf_get_netns_cookie(ops);
	return is_allowed(end);
}

/* Payload that conntrack helpers rewrite or read to open more ports: FTP, SIP, H.323, PPTP, IRC... */
static __always_inline bool port_has_helper(__u32 port)
{
	switch (port) {
	case 21:
	case 1720:
	case 1723:
	case 5060:
	case 5061:
	case 6566:
	case 6667:
	case 10080:
		return true;
	}
	return false;
}

#endif /* SHORTCUT_ALLOWLIST_H */
