// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <stdlib.h>

#define CHUNK (64 * 1024)
#define PATIENCE 3000
/* So long a sender must stay blocked to count as full, ms. */
#define STAYS_FULL 60

static bool is_ready(struct end *end, short event)
{
	short events = watch_now(end);

	return (end->watcher == WATCH_EDGE ? end->known : events) & event;
}

static ssize_t send_some(struct end *end, size_t count)
{
	static uint8_t bytes[1024 * 1024];
	ssize_t result;

	stream_fill(end, end->sent, bytes, count);
	result = send(end->fd, bytes, count, MSG_NOSIGNAL);
	if (result > 0)
		end->sent += result;
	if (result < 0 && errno == EAGAIN)
		end->known &= ~POLLOUT;
	return result;
}

/* -1 for an end or an error; 0: nothing now. */
static ssize_t receive_some(struct end *end, bool *right)
{
	static uint8_t bytes[CHUNK];
	ssize_t result = recv(end->fd, bytes, sizeof(bytes), 0);

	if (result < 0 && errno == EAGAIN) {
		end->known &= ~POLLIN;
		return 0;
	}
	if (result <= 0)
		return -1;
	*right &= check_received(end, bytes, result)[0] == 'r';
	return result;
}

void step_fill(struct end *end)
{
	bool accepted = false;

	for (;;) {
		while (send_some(end, CHUNK) > 0)
			accepted = true;
		if (errno != EAGAIN)
			break;
		if (!(watch_wait(end, POLLOUT, STAYS_FULL) & (POLLOUT | POLLERR)))
			break;
	}
	trace("%s fills: %s, then %s", end->name, accepted ? "some" : "none", error_name(errno));
}

/* One pass of a transfer; false when it can never end. */
static bool move_some(struct end *from, uint64_t total, bool *right)
{
	struct end *to = from->peer;
	uint64_t left = total - from->sent;

	if (left && is_ready(from, POLLOUT) && send_some(from, left) < 0 && errno != EAGAIN)
		return false;
	return !is_ready(to, POLLIN) || receive_some(to, right) >= 0;
}

static bool pump(struct end *from, uint64_t total, bool *right)
{
	int idle = 0;

	while (from->peer->received < total && idle < PATIENCE) {
		uint64_t before = from->sent + from->peer->received;

		if (!move_some(from, total, right))
			return false;
		if (before != from->sent + from->peer->received) {
			idle = 0;
		} else {
			sleep_ms(1);
			idle++;
		}
	}
	return from->peer->received == total;
}

void step_drain(struct end *end)
{
	bool right = true;
	bool done = pump(end->peer, end->peer->sent, &right);

	trace("%s drains: %s, %s", end->name, done ? "all" : "NOT ALL", right ? "right" : "WRONG");
	if (!done)
		trace("%s has %ju of %ju", end->name, end->received, end->peer->sent);
}

static ssize_t run_send_all(struct call *call)
{
	uint64_t total = call->end->sent + call->size;

	struct pollfd entry = { .fd = call->end->fd, .events = POLLOUT };

	while (call->end->sent < total)
		if (send_some(call->end, total - call->end->sent) < 0 &&
		    (errno != EAGAIN || poll(&entry, 1, PATIENCE) != 1))
			return -1;
	return call->size;
}

static bool receive_all(struct end *end, uint64_t total, bool *right)
{
	while (end->received < total)
		if ((end->watcher != WATCH_NONE && !watch_wait(end, POLLIN, PATIENCE)) ||
		    receive_some(end, right) < 0)
			return false;
	return true;
}

/* Each end in a thread of its own, and the reader's watcher before each blocking recv(). */
static bool transfer_blocking(struct end *from, size_t size, bool *right)
{
	struct call call = { .end = from, .text = "send all", .run = run_send_all, .size = size };
	uint64_t total = from->sent + size;
	struct task *task = task_begin(call);
	bool done = receive_all(from->peer, total, right);

	task_end(task);
	return done;
}

void step_transfer(struct end *from, size_t size)
{
	uint64_t total = from->sent + size;
	bool right = true;
	bool done;

	if (is_blocking(from) || is_blocking(from->peer))
		done = transfer_blocking(from, size, &right);
	else
		done = pump(from, total, &right);
	trace("%s transfers %zu: %s, %s", from->name, size, done ? "all" : "NOT ALL",
	      right ? "right" : "WRONG");
}
