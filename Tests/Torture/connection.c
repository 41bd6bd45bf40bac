// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static const char greeting[GREETING_SIZE + 1] = "torture greeting";

uint64_t now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static void set_streams(struct connection *connection, const struct header *header)
{
	struct stream up = { .key = mix64(header->seed) + mix64(header->id * 2) };
	struct stream down = { .key = mix64(header->seed) + mix64(header->id * 2 + 1) };

	up.total = header->up_total;
	up.prefix_size = sizeof(*header);
	memcpy(up.prefix, header, sizeof(*header));
	down.total = header->down_total;
	down.prefix_size = GREETING_SIZE;
	memcpy(down.prefix, greeting, GREETING_SIZE);
	connection->out = connection->client ? up : down;
	connection->in = connection->client ? down : up;
	stream_corrupt(&connection->out, connection->options->corruption,
		       &connection->write_random);
}

void connection_set_header(struct connection *connection)
{
	const struct header *header = &connection->header;
	uint64_t side = mix64(header->seed ^ mix64(header->id)) + connection->client;

	connection->write_random.state = mix64(side + 2);
	connection->read_random.state = mix64(side + 4);
	set_streams(connection, header);
	plan_make(&connection->plan, header, connection->client);
	connection->read_at = now_us() + connection->plan.read_delay;
	if (connection->plan.no_delay)
		socket_no_delay(connection->fd);
	if (connection->plan.small_buffers)
		socket_small_buffers(connection->fd);
	connection->header_known = true;
}

static void open_common(struct connection *connection)
{
	connection->opened = now_us();
	connection->last_progress = connection->opened;
	connection->totals->connections++;
}

void connection_open_client(struct connection *connection, uint64_t id)
{
	connection->client = true;
	header_plan(&connection->header, connection->options, id);
	connection_set_header(connection);
	open_common(connection);
}

/* Every second server greets at once, before it knows whom; the others after the header. */
void connection_open_server(struct connection *connection, uint64_t number)
{
	bool greets = number % 2 && !connection->options->blocking;

	connection->write_random.state = mix64(number);
	connection->out.prefix_size = GREETING_SIZE;
	memcpy(connection->out.prefix, greeting, GREETING_SIZE);
	connection->out.total = greets ? GREETING_SIZE : 0;
	open_common(connection);
}

uint64_t connection_limit(const struct connection *connection, uint64_t now)
{
	uint64_t received = connection->received, limit, turn;
	const struct header *header = &connection->header;

	/* With --blocking another thread is about to set the streams. */
	if (!connection->header_known)
		return connection->options->blocking ? 0 : connection->out.total;
	limit = connection->out.total;
	if (header->quantum && received < connection->in.total) {
		turn = received / header->quantum + connection->client;
		turn = connection->out.prefix_size + turn * header->quantum;
		limit = turn < limit ? turn : limit;
	}
	if (header->rate) {
		turn = (now - connection->opened + 20000) * header->rate / 1000000;
		turn += connection->out.prefix_size;
		limit = turn < limit ? turn : limit;
	}
	return limit;
}

enum step pause_after(struct random *random, const struct plan *plan, unsigned int pauses,
		      unsigned int *spent, uint64_t *until, uint64_t now)
{
	unsigned int pause;

	if (*spent >= plan->pause_budget || random_below(random, 64) >= pauses)
		return STEP_DONE;
	pause = (unsigned int)random_below(random, plan->pause_maximum);
	*spent += pause;
	*until = now + pause;
	return STEP_PAUSE;
}

static bool may_finish(struct connection *connection, uint64_t now)
{
	switch (connection->plan.finish) {
	case FINISH_AFTER_PAUSE:
		if (!connection->finish_at)
			connection->finish_at =
				now + random_below(&connection->write_random, 5000);
		return now >= connection->finish_at;
	case FINISH_AFTER_DATA:
		return connection->received >= connection->in.total;
	case FINISH_AFTER_END:
		return connection->ended;
	default:
		return true;
	}
}

/* FINISH_AFTER_END leaves its FIN to close(). */
enum step connection_finish(struct connection *connection, uint64_t now)
{
	if (connection->finished || !connection->header_known ||
	    connection->sent < connection->out.total)
		return STEP_WAIT;
	if (!may_finish(connection, now))
		return STEP_PAUSE;
	connection->finished = true;
	if (connection->plan.finish == FINISH_AFTER_END)
		return STEP_DONE;
	if (!shutdown(connection->fd, SHUT_WR))
		return STEP_DONE;
	fail(connection, "shutdown: %s", strerror(errno));
	return STEP_FAILED;
}

bool connection_complete(const struct connection *connection)
{
	return connection->finished && connection->ended;
}

bool connection_late(struct connection *connection, uint64_t now)
{
	double waited = ((double)now - (double)connection->last_progress) / 1e6;

	if (waited < connection->options->deadline)
		return false;
	fail(connection, "no progress for %.0f s", waited);
	return true;
}
