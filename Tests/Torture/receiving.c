// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static bool learn_header(struct connection *connection, const uint8_t *bytes, size_t count)
{
	uint8_t *raw = (uint8_t *)&connection->header;
	const struct options *options = connection->options;

	memcpy(raw + connection->received, bytes, count);
	connection->received += count;
	if (connection->received < HEADER_SIZE)
		return true;
	if (!header_valid(&connection->header)) {
		fail(connection, "header is not one: its bytes are wrong or out of order");
		return false;
	}
	if (!options->any_seed && connection->header.seed != options->seed) {
		fail(connection, "header of another run: seed %llu",
		     (unsigned long long)connection->header.seed);
		return false;
	}
	connection_set_header(connection);
	return true;
}

static bool check_bytes(struct connection *connection, const uint8_t *bytes, size_t count)
{
	uint64_t left = connection->in.total - connection->received;
	size_t known = count < left ? count : left;

	if (stream_mismatch(&connection->in, connection->received, bytes, known) < known) {
		fail_bytes(connection, bytes, known);
		return false;
	}
	if (known == count)
		return true;
	connection->received += known;
	fail(connection, "%zu extra bytes after the last", count - known);
	return false;
}

static bool take_bytes(struct connection *connection, const uint8_t *bytes, size_t count)
{
	connection->totals->received += count;
	connection->last_progress = now_us();
	if (!connection->header_known)
		return learn_header(connection, bytes, count);
	if (!check_bytes(connection, bytes, count))
		return false;
	connection->received += count;
	return true;
}

/* The end must stay the end: bytes that show up behind it are late. */
static enum step reached_end(struct connection *connection)
{
	uint8_t byte;
	ssize_t again;

	if (!connection->header_known || connection->received < connection->in.total) {
		fail(connection, "end of stream, bytes are missing");
		return STEP_FAILED;
	}
	again = recv(connection->fd, &byte, 1, 0);
	if (again != 0) {
		fail(connection, "read after the end: %s",
		     again < 0 ? strerror(errno) : "a late byte");
		return STEP_FAILED;
	}
	connection->ended = true;
	connection->last_progress = now_us();
	return STEP_WAIT;
}

static size_t read_size(struct connection *connection)
{
	if (!connection->header_known)
		return HEADER_SIZE - connection->received;
	return random_magnitude(&connection->read_random, connection->plan.read_maximum);
}

/* What MSG_PEEK shows must be what the next read brings. */
static bool peek_bytes(struct connection *connection, uint8_t *bytes, size_t count)
{
	uint64_t left = connection->in.total - connection->received;
	ssize_t seen;

	if (!connection->header_known || !connection->plan.peek || !left)
		return true;
	seen = recv(connection->fd, bytes, count < left ? count : left, MSG_PEEK);
	return seen <= 0 || check_bytes(connection, bytes, (size_t)seen);
}

static int read_flags(const struct connection *connection, size_t count)
{
	bool surely_comes = connection->header_known && connection->options->blocking &&
			    !connection->header.quantum &&
			    connection->received + count <= connection->in.total;

	return surely_comes && connection->plan.wait_all ? MSG_WAITALL : 0;
}

static enum step read_failed(struct connection *connection)
{
	if (errno == EAGAIN && !connection->options->blocking)
		return STEP_WAIT;
	if (errno == EINTR)
		return STEP_DONE;
	fail(connection, "recv: %s", strerror(errno));
	return STEP_FAILED;
}

enum step connection_read(struct connection *connection, uint64_t now)
{
	static __thread uint8_t bytes[BUFFER_SIZE];
	size_t count = read_size(connection);
	int flags = read_flags(connection, count);
	ssize_t result;

	if (!peek_bytes(connection, bytes, count))
		return STEP_FAILED;
	result = recv(connection->fd, bytes, count, flags);
	connection->totals->receives++;
	if (result < 0)
		return read_failed(connection);
	if (result == 0)
		return reached_end(connection);
	if (!take_bytes(connection, bytes, (size_t)result))
		return STEP_FAILED;
	if (flags && (size_t)result < count) {
		fail(connection, "MSG_WAITALL came back with %zd of %zu", result, count);
		return STEP_FAILED;
	}
	return pause_after(&connection->read_random, &connection->plan,
			   connection->plan.read_pauses, &connection->read_paused,
			   &connection->read_at, now);
}
