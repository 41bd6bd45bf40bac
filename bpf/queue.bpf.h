/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The bound of a receiver's queue, which the kernel itself does not bound. */
#ifndef SHORTCUT_QUEUE_H
#define SHORTCUT_QUEUE_H

/* Bytes in the receiver's queue; restarts the message count whenever the queue is empty. */
static __always_inline __u32 queued_bytes(struct shortcut_socket *state,
					  const struct shortcut_control *configuration,
					  struct tcp_sock *peer, int access)
{
	__u32 charged = peer_load(access, peer, peer_sock.sk_backlog.rmem_alloc.counter);
	bool accounted = configuration->receive_queue_accounted;

	if (accounted ? !charged : peer_queue_is_empty(peer)) {
		state->queued_bytes = 0;
		state->queued_messages = 0;
	}
	return accounted ? charged : state->queued_bytes + charged;
}

/* Of a buffer whose window is all of it, this part: what exceeds it is one packet's worth. */
#define SMALLEST_ROOM 8

/*
 * What may still come over the stack must find room beside the queue, or it is dropped and only a
 * timer brings it again: the window that was promised (the sender may not have heard of it yet) and
 * a quarter more for the kernel's own structures. A sender with a valve fills little of that before
 * it blocks, so it may use most of our large buffer, and a part of one that the program chose. One
 * that is the kernel's to tune grows as it must (tcp_clamp_window), and packets that wait for the
 * reader's lock may fill twice it.
 */
static __always_inline __u32 room(const struct shortcut_socket *state,
				  const struct shortcut_control *configuration,
				  struct tcp_sock *own, struct tcp_sock *peer, int access)
{
	__u32 buffer = peer_load(access, peer, peer_sock.sk_rcvbuf);
	bool has_valve = valve_may_set(own, state);
	__u32 least = has_valve ? buffer / SMALLEST_ROOM : 0;
	__u32 edge, window;

	if (has_valve && buffer == own_receive_buffer(configuration))
		return buffer - buffer / 4;
	if (has_valve && !(peer_bit(access, peer, peer_sock.sk_userlocks) & SOCK_RCVBUF_LOCK))
		return buffer * 2;
	edge = peer_load(access, peer, rcv_wup) + peer_load(access, peer, rcv_wnd);
	window = edge - peer_load(access, peer, rcv_nxt);
	window += window / 4;
	return window + least < buffer ? buffer - window : least;
}

/*
 * False at the bound, and where the receiver's buffer is too small, of which it is told. A message
 * that finds the queue empty may exceed the bound, so that large writes pass.
 */
static __always_inline bool finds_room(struct shortcut_socket *state,
				       const struct shortcut_control *configuration,
				       struct tcp_sock *own, struct tcp_sock *peer, __u32 size,
				       int access)
{
	__u32 queued = queued_bytes(state, configuration, peer, access);

	if (state->queued_messages >= configuration->queue_messages)
		return false;
	if (queued && queued + size > configuration->queue_bytes)
		return false;
	if (queued + size <= room(state, configuration, own, peer, access))
		return true;
	ask_room(state);
	return false;
}

#endif /* SHORTCUT_QUEUE_H */
