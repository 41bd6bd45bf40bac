/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What must be true of the receiver before a direction joins. */
#ifndef SHORTCUT_PROOF_H
#define SHORTCUT_PROOF_H

/*
 * The join's proof: every stack byte is consumed, and no reader can be asleep half-way through a
 * request inside the stack's receive path. Reads in this order; the atomic is the barrier.
 */
static __always_inline bool proven(struct shortcut_socket *state, struct tcp_sock *own,
				   struct tcp_sock *peer, int access)
{
	if (peer_load(access, peer, copied_seq) != own->write_seq)
		return false;
	if (state->path == SHORTCUT_PATH_SHORTCUT || (state->peer.flags & SHORTCUT_ALLOW_BLOCKING))
		return true;
	__sync_fetch_and_add(&state->permitted, 0);
	return !peer_is_locked(peer, access);
}

/*
 * Many programs accept a blocking socket and change it at once. So one that was never seen otherwise
 * is given a tick or two.
 */
static __always_inline bool stays_blocking(struct shortcut_socket *state)
{
	__u32 now = bpf_jiffies64() | 1;

	if (!state->reader_blocks_since)
		state->reader_blocks_since = now;
	return state->reader_suited || now - state->reader_blocks_since > 1;
}

/* Not yet accepted is not yet known; blocking is known, and reason to take the reader out. */
static __always_inline bool reader_suits(struct shortcut_socket *state, struct tcp_sock *peer,
					 int access)
{
	enum file_mode mode;

	if (state->peer.flags & SHORTCUT_ALLOW_BLOCKING)
		return true;
	mode = peer_file_mode(peer, access);
	if (mode == FILE_MODE_BLOCKING && stays_blocking(state))
		state->evict_peer = SHORTCUT_EVICTION_BLOCKING + 1;
	state->reader_suited |= mode == FILE_MODE_NONBLOCKING;
	return mode == FILE_MODE_NONBLOCKING;
}

#endif /* SHORTCUT_PROOF_H */
