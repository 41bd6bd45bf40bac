// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Finds the two ends of a connection inside this node.
 *
 * The proof is the handshake: its two initial sequence numbers, 64 bits that the two kernels chose,
 * are the same at both ends whatever NAT lies between them. The numbers are seen three times:
 * when an allowed listener answers a SYN (so the client knows that its peer is local before it is
 * inserted), when the client is established, and when the server is.
 *
 * The kernel derives them from addresses, ports and a clock of 64 ns. Two connections of the same
 * addresses and ports in two networks can therefore have the same numbers. So each client on the
 * node, allowed or not, whose numbers a listener has published claims them, and a second claim
 * makes them useless: a server's own client always claims before the server is established. The same
 * holds for listeners, as a client may not be seen: a raw socket can send its SYN.
 */

static __always_inline bool draining(void)
{
	struct shortcut_control *configuration = control_get();

	return !configuration || configuration->mode != SHORTCUT_MODE_RUNNING;
}

/* Numbers that a listener in another network has published, too, tell nobody who is who. */
static __always_inline void request_claim(struct shortcut_handshake *half)
{
	if (!bpf_map_update_elem(&requests, &half->head, half, BPF_NOEXIST))
		return;
	half->side = SHORTCUT_HANDSHAKE_AMBIGUOUS;
	bpf_map_update_elem(&requests, &half->head, half, BPF_ANY);
	count_refusal(SHORTCUT_REFUSAL_AMBIGUOUS);
}

/* A listener answers a SYN: its request socket carries both numbers already. */
static __always_inline void publish_request(struct bpf_sock_ops *ops)
{
	struct bpf_sock_ops_kern *kernel = (struct bpf_sock_ops_kern *)ops;
	struct shortcut_handshake half = { .side = SHORTCUT_HANDSHAKE_REQUEST };
	struct tcp_request_sock *request;
	struct sock *listener;
	int reason;

	if (!allowed_end(ops, &half.end) || draining())
		return;
	/* The context shows no socket for a request; its kernel form does. */
	if (bpf_core_read(&request, sizeof(request), &kernel->sk))
		return;
	listener = BPF_CORE_READ(request, req.req.__req_common.skc_listener);
	half.listener = listener ? socket_inode(listener) : 0;
	half.habit = habit_key(ops, half.listener);
	reason = listener_refusal(half.listener, &half.end);
	if (reason < 0 && !is_worth_pairing(half.habit))
		reason = SHORTCUT_REFUSAL_SHORT_LIVED;
	if (reason == SHORTCUT_REFUSAL_LEARNING)
		half.side = SHORTCUT_HANDSHAKE_LEARNING;
	if (reason >= 0)
		count_refusal(reason);
	if (reason >= 0 && reason != SHORTCUT_REFUSAL_LEARNING)
		return;
	half.head.client_next = BPF_CORE_READ(request, rcv_isn) + 1;
	half.head.server_next = BPF_CORE_READ(request, snt_isn) + 1;
	half.tail = half.head;
	request_claim(&half);
}

/* Copies an element; false if it was recycled meanwhile. */
static __always_inline bool handshake_copy(const struct shortcut_handshake *found,
					   const struct shortcut_handshake_key *key,
					   struct shortcut_handshake *half)
{
	__builtin_memcpy(half, found, sizeof(*half));
	return half->head.client_next == key->client_next &&
	       half->head.server_next == key->server_next &&
	       half->tail.client_next == key->client_next &&
	       half->tail.server_next == key->server_next;
}

static __always_inline bool ports_allowed(struct bpf_sock_ops *ops)
{
	return !port_has_helper(ops->local_port) && !port_has_helper(bpf_ntohl(ops->remote_port));
}

/* A loopback address never leaves its namespace. */
static __always_inline bool is_foreign_loopback(const struct shortcut_end *self,
						const struct shortcut_end *peer)
{
	return self->netns_cookie != peer->netns_cookie &&
	       (is_loopback(&self->address) || is_loopback(&peer->address));
}

/* Why a candidate stays plain TCP; -1 if nothing speaks against it. */
static __always_inline int refusal(struct bpf_sock_ops *ops, struct tcp_sock *tp,
				   const struct shortcut_end *self, const struct shortcut_end *peer)
{
	if (domains_differ(self, peer) || is_foreign_loopback(self, peer))
		return SHORTCUT_REFUSAL_DOMAIN;
	if (!ports_allowed(ops))
		return SHORTCUT_REFUSAL_PORT;
	if (!is_plain_tcp(tp))
		return SHORTCUT_REFUSAL_SOCKET_KIND;
	return -1;
}

#include "sockops_membership.bpf.h"
#include "sockops_client.bpf.h"
#include "sockops_room.bpf.h"
#include "sockops_server.bpf.h"
#include "sockops_eviction.bpf.h"
#include "sockops_life.bpf.h"

SEC("sockops")
int shortcut_sockops(struct bpf_sock_ops *ops)
{
	switch (ops->op) {
	case BPF_SOCK_OPS_RWND_INIT:
		if (!ops->is_fullsock)
			publish_request(ops);
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		client_established(ops);
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		server_established(ops);
		break;
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		listening(ops);
		break;
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		connecting(ops);
		break;
	case BPF_SOCK_OPS_RTT_CB:
		acknowledged(ops);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		tend_room(ops);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		state_changed(ops, ops->args[0], ops->args[1]);
		break;
	}
	return 1;
}
