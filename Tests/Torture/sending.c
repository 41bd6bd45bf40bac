// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* The prefix is split in two writes, right after connect: the second may take another road. */
static uint64_t next_chunk(struct connection *connection)
{
	uint64_t sent = connection->sent, prefix = connection->out.prefix_size;

	if (sent == 0)
		return 1 + random_below(&connection->write_random, prefix - 1);
	if (sent < prefix)
		return prefix - sent;
	return random_magnitude(&connection->write_random, connection->plan.write_maximum);
}

static ssize_t send_bytes(struct connection *connection, uint8_t *bytes, size_t count)
{
	size_t first = connection->plan.vectored ? count / 3 : 0;
	struct iovec parts[2] = { { bytes, first }, { bytes + first, count - first } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	if (!first)
		return send(connection->fd, bytes, count, MSG_NOSIGNAL);
	return sendmsg(connection->fd, &message, MSG_NOSIGNAL);
}

static enum step sent_bytes(struct connection *connection, ssize_t result, uint64_t now)
{
	if (result < 0 && errno == EAGAIN && !connection->options->blocking) {
		connection->totals->full++;
		return STEP_WAIT;
	}
	if (result < 0 && errno == EINTR)
		return STEP_DONE;
	if (result <= 0) {
		fail(connection, "send: %s", strerror(errno));
		return STEP_FAILED;
	}
	connection->sent += (uint64_t)result;
	connection->chunk -= (uint64_t)result;
	connection->totals->sent += (uint64_t)result;
	connection->last_progress = now;
	if (connection->chunk || connection->sent < connection->out.prefix_size)
		return STEP_DONE;
	return pause_after(&connection->write_random, &connection->plan,
			   connection->plan.write_pauses, &connection->write_paused,
			   &connection->write_at, now);
}

enum step connection_write(struct connection *connection, uint64_t now)
{
	static __thread uint8_t bytes[BUFFER_SIZE];
	uint64_t limit = connection_limit(connection, now), count;

	if (connection->sent >= limit)
		return STEP_WAIT;
	if (!connection->chunk)
		connection->chunk = next_chunk(connection);
	count = limit - connection->sent;
	if (connection->chunk > count)
		connection->chunk = count;
	count = connection->chunk;
	stream_fill(&connection->out, connection->sent, bytes, count);
	connection->totals->sends++;
	return sent_bytes(connection, send_bytes(connection, bytes, count), now);
}
