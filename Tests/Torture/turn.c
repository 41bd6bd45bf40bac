// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <sys/epoll.h>

#define STEPS_PER_TURN 16

static bool wants_write(const struct connection *connection, uint64_t now)
{
	return connection->sent < connection_limit(connection, now);
}

static bool step_write(struct connection *connection, uint64_t now)
{
	if (!connection->writable || now < connection->write_at)
		return false;
	if (!wants_write(connection, now))
		return false;
	if (connection_write(connection, now) == STEP_WAIT)
		connection->writable = false;
	return true;
}

static bool step_read(struct connection *connection, uint64_t now)
{
	if (!connection->readable || connection->ended || now < connection->read_at)
		return false;
	if (connection_read(connection, now) == STEP_WAIT)
		connection->readable = false;
	return true;
}

void turn_run(struct connection *connection)
{
	bool moved = !connection->connecting;

	for (int i = 0; i < STEPS_PER_TURN && moved && !connection->failed; i++) {
		moved = step_write(connection, now_us());
		if (!connection->failed)
			moved |= step_read(connection, now_us());
		if (!connection->failed)
			moved |= connection_finish(connection, now_us()) == STEP_DONE;
	}
}

uint32_t turn_events(const struct connection *connection, uint64_t now)
{
	uint32_t events = 0;

	if (connection->connecting)
		return EPOLLOUT;
	if (connection->plan.edge_triggered && connection->header_known)
		return EPOLLIN | EPOLLOUT | EPOLLET;
	if (!connection->readable && !connection->ended)
		events |= EPOLLIN;
	if (!connection->writable && wants_write(connection, now))
		events |= EPOLLOUT;
	return events;
}

static uint64_t min_of(uint64_t one, uint64_t other)
{
	return one < other ? one : other;
}

uint64_t turn_next(const struct connection *connection, uint64_t now)
{
	const uint64_t polled = now + 1000;
	uint64_t next = UINT64_MAX;

	if (connection->connecting)
		return next;
	if (connection->readable && !connection->ended)
		next = connection->read_at;
	if (connection->writable && wants_write(connection, now))
		next = min_of(next, connection->write_at);
	if (connection->header.rate && connection->sent < connection->out.total)
		next = min_of(next, polled);
	if (connection->sent == connection->out.total && !connection->finished &&
	    connection->plan.finish == FINISH_AFTER_PAUSE)
		next = min_of(next, polled);
	return next;
}
